import { expect, it } from 'vitest';
import { describeStores } from '../store/testing.ts';
import { createContacts } from './contacts.ts';

describeStores('contacts', ({ place, open }) => {
  async function withNames(...names: (string | null)[]) {
    const contacts = createContacts(await open(await place()), () => 1_000);
    for (const [index, name] of names.entries()) {
      const number = `4477009${String(index).padStart(5, '0')}`;
      await contacts.save(number, { name, company: null, link: null }, 'Alice');
    }
    return contacts;
  }

  it('are listed by name, whatever the accents and case, and those without a name last', async () => {
    const contacts = await withNames('Zoe', 'ángel', null, 'Bob', 'alice');
    const { contacts: listed, next } = await contacts.list({});
    expect(listed.map(({ name }) => name)).toEqual(['alice', 'ángel', 'Bob', 'Zoe', null]);
    expect(next).toBeNull();
  });

  it('are listed in pages that repeat and skip none', async () => {
    const contacts = await withNames(...Array.from({ length: 120 }, (_, index) => `Same ${index % 3}`));
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let after: string | undefined; ; ) {
      const page = await contacts.list({ after });
      seen.push(...page.contacts.map(({ number }) => number));
      sizes.push(page.contacts.length);
      if (page.next === null) break;
      after = page.next;
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(new Set(seen).size).toBe(120);
  });

  it('are found by parts of names and numbers', async () => {
    const contacts = await withNames('Ángel', '100%', 'Straße');
    for (const [search, names] of [
      ['ANGEL', ['Ángel']],
      ['ngel', ['Ángel']],
      ['900001', ['100%']],
      ['07700 900 001', ['100%']],
      ['+44 7700-900002', ['Straße']],
      ['0%', ['100%']],
      ['nobody', []],
      ['\0', ['100%', 'Ángel', 'Straße']],
    ] as const) {
      const found = await contacts.list({ search });
      expect([search, found.contacts.map(({ name }) => name)]).toEqual([search, names]);
    }
  });

  it('get a name from a look-up only where no person wrote one', async () => {
    const contacts = await withNames('Ada');
    const found = { name: 'Found', company: null, link: null };
    await contacts.found('447700900000', found, ['from the CRM']);
    expect(await contacts.find('447700900000')).toMatchObject({ name: 'Ada' });
    expect(await contacts.notes('447700900000')).toEqual([]);

    await contacts.addNote('447700900001', { text: 'noted first', by: 'Bob', call: 'leg' });
    await contacts.found('447700900001', found, ['from the CRM']);
    await contacts.found('447700900001', found, ['from the CRM']);
    expect(await contacts.find('447700900001')).toMatchObject({ name: 'Found', changedBy: null });
    expect((await contacts.notes('447700900001')).map(({ text }) => text)).toEqual([
      'from the CRM',
      'noted first',
    ]);
  });
});
