import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { linkFrom } from '../../domain/contacts/contact.ts';
import { systemClock } from '../clock.ts';
import { openStore } from '../store/store.ts';
import { tables } from '../tables.ts';
import { configFrom, emptyFolder } from '../testing.ts';
import { createContacts } from './contacts.ts';
import { importContacts } from './import.ts';
import { createLookUp } from './look-up.ts';

const docs = readFileSync(new URL('../../docs/contacts.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

/** The blocks of code in a language. */
const blocks = (language: string) =>
  [...docs.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, name, text = '']) =>
    name === language ? text : [],
  );

async function emptyContacts() {
  const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
  onTestFinished(() => store.close());
  return { store, contacts: createContacts(store, () => 1_000) };
}

const patient = { timeout: 30_000 };

it('the file in docs/contacts.md is imported whole', patient, async () => {
  const { store, contacts } = await emptyContacts();
  const [file = ''] = blocks('csv');
  const options = { by: 'Alice', preview: false, country: 'GB' as const, now: () => 1_000 };
  expect(await importContacts(store, Buffer.from(file), options)).toMatchObject({
    added: 2,
    ignoredColumns: [],
    refused: { count: 0 },
  });
  expect(await contacts.find('447700900123')).toMatchObject({
    name: 'Ada Lovelace',
    company: 'Example Limited',
    link: 'https://crm.example.com/ada',
  });
  expect(await contacts.notes('447700900123')).toMatchObject([{ text: 'Prefers mornings' }]);
  expect(await contacts.find('34612345678')).toMatchObject({ name: 'Peña' });
});

it('the answer in docs/contacts.md is a look-up’s', patient, async () => {
  const { contacts } = await emptyContacts();
  const [answer = ''] = blocks('json');
  const server = createServer((_request, response) => response.end(answer));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  const printed: string[] = [];
  const lookUp = createLookUp({
    url: `http://127.0.0.1:${port}`,
    contacts,
    clock: systemClock,
    print: (line) => printed.push(line),
    timeLimit: 30_000,
  });
  onTestFinished(() => lookUp.close());
  lookUp.callArrived('447700900123');
  await expect.poll(() => lookUp.busy(), { timeout: 30_000 }).toBe(false);
  expect(printed).toEqual([]);
  expect(await contacts.find('447700900123')).toMatchObject({ name: 'Ada Lovelace' });
  expect(await contacts.notes('447700900123')).toMatchObject([{ text: 'Prefers mornings' }]);
});

it('the settings in docs/contacts.md are valid, and in .env.example', () => {
  const env = Object.fromEntries(
    blocks('sh').map((line) => {
      const [name = '', ...value] = line.trim().split('=');
      return [name, value.join('=')];
    }),
  );
  const { contactLink = '', contactLookupUrl } = configFrom(env);
  expect(contactLookupUrl).toBe('https://crm.example.com/callers?key=secret');
  expect(linkFrom(contactLink, '447700900123')).toBe('https://crm.example.com/?phone=%2B447700900123');
  for (const name of Object.keys(env)) expect(example).toContain(`# ${name}=`);
  expect(docs).toContain('becomes `%2B447700900123`');
});

it.each([
  [{ CONTACT_LINK: 'https://crm.example.com/' }, /CONTACT_LINK must contain \{number\}/],
  [{ CONTACT_LINK: 'javascript:alert({number})' }, /CONTACT_LINK must be an http or https address/],
  [{ CONTACT_LOOKUP_URL: 'file:///etc/passwd' }, /CONTACT_LOOKUP_URL must be an http or https address$/],
])('%j is refused', (env, words) => {
  expect(() => configFrom(env)).toThrow(words);
});
