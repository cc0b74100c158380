import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACCESS } from '../people/access.ts';
import { describeStores } from '../store/testing.ts';
import { audit, createAudit, deleteAuditBefore } from './audit.ts';

const DAY_MS = 86_400_000;

describeStores('the audit trail', ({ place, open }) => {
  it('lists what was recorded, newest first, in pages and by kind', async () => {
    const store = await open(await place());
    let now = 1_000;
    const trail = createAudit(store, () => now);
    for (const who of ['Alice', 'Bob', 'Carol']) {
      await trail.note({ who, what: 'signed in', from: '203.0.113.7' });
      now += 1;
    }
    await trail.note({ who: 'Bob', what: 'roles changed', of: 'Dave', from: 'here', details: 'agent' });
    const first = await trail.list({ limit: 2 });
    expect(first).toEqual({
      entries: [
        { id: 4, at: 1_003, who: 'Bob', what: 'roles changed', of: 'Dave', from: 'here', details: 'agent' },
        { id: 3, at: 1_002, who: 'Carol', what: 'signed in', of: null, from: '203.0.113.7', details: null },
      ],
      next: 3,
    });
    const second = await trail.list({ limit: 2, before: 3 });
    expect(second.entries.map(({ who }) => who)).toEqual(['Bob', 'Alice']);
    expect((await trail.list({ limit: 2, before: 1 })).next).toBe(null);
    const roles = await trail.list({ limit: 2, what: 'roles changed' });
    expect(roles.entries.map(({ id }) => id)).toEqual([4]);
  });

  it('keeps nothing of what was not committed', async () => {
    const store = await open(await place());
    const undone = store.write(async (transaction) => {
      await audit(transaction, { who: 'Eve', what: 'signed in', from: null }, 1);
      throw new Error('It did not happen.');
    });
    await expect(undone).rejects.toThrow('It did not happen.');
    expect((await createAudit(store, Date.now).list({ limit: 9 })).entries).toEqual([]);
  });

  it('cannot be changed or deleted in the database either, until it is old', async () => {
    const store = await open(await place());
    const days = (number: number) => Date.now() - number * DAY_MS;
    await store.write(async (transaction) => {
      await audit(transaction, { who: 'Old', what: 'signed in', from: null }, days(40));
      await audit(transaction, { who: 'New', what: 'signed in', from: null }, days(20));
    });
    const refused = 'The audit trail cannot be changed';
    await expect(
      store.write((transaction) => transaction.updateTable('audit').set({ who: 'Eve' }).execute()),
    ).rejects.toThrow(refused);
    await expect(
      store.write((transaction) => transaction.deleteFrom('audit').where('who', '=', 'New').execute()),
    ).rejects.toThrow(refused);
    await deleteAuditBefore(store, days(35));
    const { entries } = await createAudit(store, Date.now).list({ limit: 9 });
    expect(entries.map(({ who }) => who)).toEqual(['New']);
  });

  it('is exported as a table that no spreadsheet takes for formulas', async () => {
    const store = await open(await place());
    const trail = createAudit(store, () => 0);
    await trail.note({ who: '=Alice', what: 'invited', of: 'Dave', from: null, details: 'a, b' });
    // More than are read at once.
    await store.write(async (transaction) => {
      for (let index = 0; index < 500; index += 1)
        await audit(transaction, { who: 'Bob', what: 'signed in', from: '203.0.113.7' }, 0);
    });
    let text = '';
    for await (const part of trail.exported()) text += part;
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('\ufefftime,who,what,of,from,details');
    expect(lines[1]).toBe('1970-01-01T00:00:00.000Z,Bob,signed in,,203.0.113.7,');
    expect(lines.at(-2)).toBe('1970-01-01T00:00:00.000Z,\'=Alice,invited,Dave,,"a, b"');
    expect(lines).toHaveLength(503);
  });
});

describe('nothing but age', () => {
  it('removes an entry: no route changes the trail, and no other code', () => {
    const methods = Object.entries(ACCESS).filter(([path]) => path.startsWith('/api/audit'));
    expect(methods).toEqual([
      ['/api/audit', { get: ['supervisor'] }],
      ['/api/audit/export', { get: ['supervisor'] }],
    ]);
    const root = join(import.meta.dirname, '..');
    const writers = globSync('**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).filter((file) =>
      /(updateTable|deleteFrom|replaceInto|mergeInto)\('audit'\)/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(writers).toEqual([join('audit', 'audit.ts')]);
  });
});
