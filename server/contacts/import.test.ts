import { describe, expect, it, onTestFinished } from 'vitest';
import { MOST_CHARACTERS } from '../../domain/contacts/contact.ts';
import { openStore, type Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { tables } from '../tables.ts';
import { emptyFolder } from '../testing.ts';
import { createContacts } from './contacts.ts';
import { exportedContacts } from './export.ts';
import { importContacts } from './import.ts';

const options = { by: 'Alice', preview: false, country: 'GB' as const, now: () => 1_000 };

async function exported(store: Store): Promise<string> {
  const parts: string[] = [];
  for await (const part of exportedContacts(store)) parts.push(part);
  return parts.join('');
}

describeStores('an import', ({ place, open }) => {
  it('adds, changes and leaves contacts, and says so before it does', async () => {
    const store = await open(await place());
    const contacts = createContacts(store, () => 1_000);
    await contacts.save('447700900001', { name: 'Ada', company: 'Old', link: null }, 'Bob');
    await contacts.save('447700900002', { name: 'Grace', company: null, link: null }, 'Bob');
    const file = Buffer.from(
      [
        'Phone,Name,Company,Notes,Birthday',
        '07700 900001,Ada,New,,1815',
        '+44 7700 900002,,,,',
        '07700 900003,Joan,,first,',
        'nothing,Nobody,,,',
        '07700 900003,"Joan ""J."""',
        '',
        ',No number,,,',
      ].join('\r\n'),
    );
    const expected = {
      encoding: 'utf-8',
      separator: ',',
      ignoredColumns: ['Birthday'],
      rows: 6,
      added: 1,
      changed: 1,
      same: 1,
      refused: {
        count: 2,
        first: [
          { line: 5, reason: 'not-a-number', value: 'nothing' },
          { line: 8, reason: 'no-number', value: 'No number' },
        ],
      },
      doubled: { count: 1, first: [{ line: 4, number: '447700900003' }] },
    };
    expect(await importContacts(store, file, { ...options, preview: true })).toEqual({
      ...expected,
      preview: true,
    });
    expect(await contacts.find('447700900003')).toBeUndefined();
    expect(await importContacts(store, file, options)).toEqual({ ...expected, preview: false });
    expect(await contacts.find('447700900001')).toMatchObject({ company: 'New', changedBy: 'Alice' });
    // An empty cell changes nothing.
    expect(await contacts.find('447700900002')).toMatchObject({ name: 'Grace', changedBy: 'Bob' });
    expect(await contacts.find('447700900003')).toMatchObject({ name: 'Joan "J."' });
    expect(await importContacts(store, file, options)).toMatchObject({ added: 0, changed: 0, same: 3 });
  });

  it('of an export changes nothing, whatever the contacts contain', async () => {
    const store = await open(await place());
    const contacts = createContacts(store, () => 1_000);
    const texts = [
      '=HYPERLINK("http://evil.example")',
      '+1',
      '-1',
      '@SUM(A1)',
      "'=1",
      '<script>alert(1)</script>',
      '👩‍🚀 "quoted", and; separated',
      'two\r\nlines',
      'above\n\n---\n\nbelow',
      'x'.repeat(MOST_CHARACTERS.note),
    ];
    for (const [index, text] of texts.entries()) {
      const number = `44770090010${index}`;
      await contacts.save(
        number,
        { name: text.slice(0, 200), company: text.slice(0, 200), link: null },
        'Bob',
      );
      await contacts.addNote(number, { text, by: 'Bob', call: null });
      await contacts.addNote(number, { text: ` ${index}\n`, by: 'Bob', call: null });
    }
    const file = await exported(store);
    expect(file.startsWith('\ufeffnumber,name,company,link,notes\r\n+447700900100,')).toBe(true);
    expect(file).not.toMatch(/[,"][=@]/);
    const again = await importContacts(store, Buffer.from(file), options);
    expect(again).toMatchObject({ rows: 10, added: 0, changed: 0, same: 10, refused: { count: 0 } });
    expect(await exported(store)).toBe(file);

    const other = await open(await place());
    expect(await importContacts(other, Buffer.from(file), options)).toMatchObject({ added: 10 });
    expect(await exported(other)).toBe(file);
  });

  it('adds only the notes that are new', async () => {
    const store = await open(await place());
    const contacts = createContacts(store, () => 1_000);
    await contacts.addNote('447700900001', { text: 'called twice', by: 'Bob', call: 'leg-1' });
    const file = Buffer.from('number,notes\n+447700900001,"called twice\n\n---\n\nprefers mornings"');
    expect(await importContacts(store, file, options)).toMatchObject({ changed: 1 });
    expect(await importContacts(store, file, options)).toMatchObject({ changed: 0, same: 1 });
    expect(await contacts.notes('447700900001')).toMatchObject([
      { text: 'prefers mornings', by: 'Alice', call: null },
      { text: 'called twice', by: 'Bob', call: 'leg-1' },
    ]);
  });

  it('takes many rows', async () => {
    const store = await open(await place());
    const rows = Array.from(
      { length: 2_000 },
      (_, index) =>
        `+4477${String(index).padStart(8, '0')},Name ${index},Company,https://crm.example/${index},note`,
    );
    const file = Buffer.from(`number,name,company,link,notes\n${rows.join('\n')}\n`);
    const result = await importContacts(store, file, options);
    expect(result).toMatchObject({ rows: 2_000, added: 2_000, refused: { count: 0 } });
    const again = await importContacts(store, file, { ...options, preview: true });
    expect(again).toMatchObject({ added: 0, changed: 0, same: 2_000 });
  });
});

/** Every test creates its own files, which takes time on a busy machine. */
describe('a file', { timeout: 30_000 }, () => {
  async function emptyStore(): Promise<Store> {
    const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
    onTestFinished(() => store.close());
    return store;
  }

  it('is read in the encodings of spreadsheets', async () => {
    const store = await emptyStore();
    const contacts = createContacts(store, () => 0);
    const encodings: [string, (text: string) => Buffer][] = [
      ['utf-8', (text) => Buffer.from(text)],
      ['utf-8', (text) => Buffer.from(`\ufeff${text}`)],
      ['utf-16le', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['utf-16le', (text) => Buffer.from(text, 'utf16le')],
      ['utf-16be', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
      ['utf-16be', (text) => Buffer.from(text, 'utf16le').swap16()],
      ['windows-1252', (text) => Buffer.from(text.replace('—', '\x97').replace('€', '\x80'), 'latin1')],
    ];
    for (const [index, [encoding, encode]] of encodings.entries()) {
      const file = encode(`número;nombre;notas\r\n07700 90000${index};Peña;"dos\r\nlíneas — €"\r\n`);
      const result = await importContacts(store, file, options);
      expect(result).toMatchObject({ encoding, separator: ';', added: 1, ignoredColumns: [] });
      expect(await contacts.find(`44770090000${index}`)).toMatchObject({ name: 'Peña' });
      expect(await contacts.notes(`44770090000${index}`)).toMatchObject([{ text: 'dos\r\nlíneas — €' }]);
    }
  });

  it('has its first 100 refused rows listed, and all counted', async () => {
    const file = Buffer.from(`sep=,\nnumber,name\n${'none,"two\nlines"\n'.repeat(150)}`);
    const { refused } = await importContacts(await emptyStore(), file, options);
    expect(refused.count).toBe(150);
    expect(refused.first).toHaveLength(100);
    expect(refused.first.slice(0, 2).map(({ line }) => line)).toEqual([3, 5]);
  });

  it('that is not one of contacts is refused in words', async () => {
    const store = await emptyStore();
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 256));
    for (const [content, words] of [
      ['name,company\nAda,Example', /one of them number, .* columns name, company/],
      ['number,name\n+447700900001,"Ada\n'.repeat(3), /line \d+/],
      ['\n\n', /is empty/],
      [noise, /./],
    ] as const) {
      const file = typeof content === 'string' ? Buffer.from(content) : content;
      await expect(importContacts(store, file, options)).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(words),
      });
    }
  });
});
