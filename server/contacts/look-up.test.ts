import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../clock.ts';
import { openStore } from '../store/store.ts';
import { tables } from '../tables.ts';
import { emptyFolder } from '../testing.ts';
import { createContacts } from './contacts.ts';
import { createLookUp } from './look-up.ts';
import { served } from './testing.ts';

/** A CRM on this machine, and what it was asked. */
async function crm(answer: (response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(incoming.url ?? '');
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  return { asked, url: `http://127.0.0.1:${port}/callers?key=secret` };
}

const json = (body: unknown) => (response: ServerResponse) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
};

/** Look-ups of a store of their own. A busy machine may take its time to answer. */
async function lookingUp(url: string, options: { now?: () => number; timeLimit?: number } = {}) {
  const { now = () => 1_000, timeLimit = 60_000 } = options;
  const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
  const clock = { ...systemClock, now };
  const contacts = createContacts(store, now);
  const printed: string[] = [];
  const lookUp = createLookUp({ url, contacts, clock, print: (line) => printed.push(line), timeLimit });
  onTestFinished(async () => {
    lookUp.close();
    await store.close();
  });
  return {
    contacts,
    lookUp,
    printed,
    /** A call arrives, and its look-up is over. */
    async ring(from = '447700900000') {
      lookUp.callArrived(from);
      await expect.poll(() => lookUp.busy(), { timeout: 30_000 }).toBe(false);
    },
  };
}

const patient = { timeout: 60_000 };

describe('a caller who is no contact', patient, () => {
  it('is looked up, and kept while what was found is fresh', async () => {
    const { asked, url } = await crm(
      json({ name: ' Ada ', company: 'Example', link: 'https://crm.example/1', notes: 'Owes £5', more: 1 }),
    );
    const { ring, contacts, printed } = await lookingUp(url);
    await ring();
    await ring();
    expect(asked).toEqual(['/callers?key=secret&number=%2B447700900000']);
    expect(await contacts.find('447700900000')).toEqual({
      number: '447700900000',
      name: 'Ada',
      company: 'Example',
      link: 'https://crm.example/1',
      changedBy: null,
      changedAt: 1_000,
    });
    expect(await contacts.notes('447700900000')).toMatchObject([{ text: 'Owes £5', by: null }]);
    expect(printed).toEqual([]);
  });

  it('is asked for again the next day, unless a person wrote the contact', async () => {
    let name = 'Ada';
    let now = 1_000;
    const { asked, url } = await crm((response) => json({ name })(response));
    const { ring, contacts } = await lookingUp(url, { now: () => now });
    await ring();
    name = 'Grace';
    now += 25 * 3_600_000;
    await ring();
    expect(await contacts.find('447700900000')).toMatchObject({ name: 'Grace' });
    await contacts.save('447700900000', { name: 'Joan', company: null, link: null }, 'Alice');
    now += 25 * 3_600_000;
    await ring();
    expect(await contacts.find('447700900000')).toMatchObject({ name: 'Joan' });
    expect(asked).toHaveLength(2);
  });

  it('stays unknown where the answer is 404, without a warning', async () => {
    const { asked, url } = await crm((response) => {
      response.statusCode = 404;
      response.end('<h1>nobody</h1>');
    });
    const { ring, contacts, printed } = await lookingUp(url);
    await ring();
    expect(asked).toHaveLength(1);
    expect(await contacts.find('447700900000')).toBeUndefined();
    expect(printed).toEqual([]);
  });

  it('is not looked up without a number', async () => {
    const { asked, url } = await crm(json({ name: 'Ada' }));
    const { ring } = await lookingUp(url);
    await ring('anonymous');
    expect(asked).toEqual([]);
  });
});

describe('a look-up', patient, () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['hangs', () => {}, 'it took longer than 0.3 s'],
    ['sends HTML', (response) => response.end('<html>'), 'its answer is not JSON'],
    [
      'sends 10 MB',
      (response) => response.end(`{"name":"${'x'.repeat(10_000_000)}"}`),
      'its answer is larger than 64 kB',
    ],
    ['lies about types', json({ name: 42 }), 'its answer has a wrong name'],
    ['sends a script as the link', json({ link: 'javascript:alert(1)' }), 'its answer has a wrong link'],
    ['sends no object', json(null), 'its answer is not an object'],
    [
      'fails',
      (response) => {
        response.statusCode = 500;
        response.end();
      },
      'it answered with status 500',
    ],
    [
      'leads elsewhere',
      (response) => {
        response.statusCode = 302;
        response.setHeader('Location', 'http://127.0.0.1:1/');
        response.end();
      },
      'it could not be reached',
    ],
    ['cuts the line', (response) => response.destroy(), 'it could not be reached'],
  ])('that %s is said once a minute, and changes nothing', async (how, answer, reason) => {
    const { url } = await crm(answer);
    const { ring, contacts, printed } = await lookingUp(url, how === 'hangs' ? { timeLimit: 300 } : {});
    await ring();
    await ring('447700900001');
    expect(printed).toEqual([`CONTACT_LOOKUP_URL did not say who calls: ${reason}.`]);
    expect((await contacts.list({})).contacts).toEqual([]);
  });

  it('asks for eight callers at once, and for the others after them', async () => {
    const open: ServerResponse[] = [];
    const { url } = await crm((response) => void open.push(response));
    const { lookUp, contacts, printed } = await lookingUp(url);
    for (let index = 0; index < 120; index += 1) lookUp.callArrived(`44770090${1000 + index}`);
    lookUp.callArrived('447700901000');
    expect(printed).toEqual([
      'CONTACT_LOOKUP_URL did not say who calls: more than 100 callers wait to be looked up.',
    ]);
    for (let answered = 0; answered < 108; answered += 1) {
      const most = Math.min(8, 108 - answered);
      await expect.poll(() => open.length, { timeout: 30_000 }).toBe(answered + most);
      const response = open[answered];
      if (response !== undefined) json({ name: 'Ada' })(response);
    }
    await expect.poll(() => lookUp.busy(), { timeout: 30_000 }).toBe(false);
    const found = await contacts.list({ search: '447700901107' });
    expect(found.contacts).toHaveLength(1);
  });

  it('does not hold up the call', async () => {
    const { asked, url: hook } = await crm(() => {});
    const { url } = await served({ CONTACT_LOOKUP_URL: hook });
    const call = { from: '447700900000', uuid: 'leg', conversation_uuid: 'CON' };
    await request(url).get('/voice/answer').query(call).expect(200);
    await expect.poll(() => asked, { timeout: 30_000 }).toHaveLength(1);
  });
});
