import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tablesIn } from './backup/backup.ts';
import { describeStores } from './store/testing.ts';

const docs = readFileSync(new URL('../docs/privacy.md', import.meta.url), 'utf8');

describeStores('docs/privacy.md', (stores) => {
  it('names each table, and says what is in it and when that is deleted', async () => {
    const { engine, read } = await stores.open(await stores.place());
    const tables = await read((db) => tablesIn(engine.name, db));
    const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
    const rows = [...docs.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(names.sort());
  });
});
