import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { expect, it } from 'vitest';
import { createContacts } from '../contacts/contacts.ts';
import { createLog } from '../log/log.ts';
import { answer, event, statusOf } from '../log/testing.ts';
import type { Tables } from '../store/migrate.ts';
import type { Store, StoreOptions } from '../store/store.ts';
import { describeStores, type TestStores } from '../store/testing.ts';
import { tables } from '../tables.ts';
import { emptyFolder } from '../testing.ts';
import { makeBackup, tablesIn } from './backup.ts';
import { restoreBackup } from './restore.ts';

const MADE_AT = '2026-03-29T21:20:05.000Z';
const now = () => Date.parse(MADE_AT);

/** All rows of all tables. */
async function contentOf({ engine, read }: Store): Promise<Map<string, unknown[]>> {
  return read(async (db) => {
    const content = new Map<string, unknown[]>();
    for (const { name, key } of await tablesIn(engine.name, db)) {
      if (name.startsWith('kysely_')) continue;
      const { rows } = await sql`select * from ${sql.table(name)} order by ${sql.ref(key)}`.execute(db);
      content.set(name, rows);
    }
    return content;
  });
}

/** A place for recordings, too, also where the database is elsewhere. */
async function placeOf(stores: TestStores): Promise<StoreOptions & { lines: string[] }> {
  const place = await stores.place();
  return { ...place, dataDir: join(emptyFolder(), 'data') };
}

/** A store with a call, a contact, and a message with its recording. */
async function filledStore(stores: TestStores, place: StoreOptions): Promise<Store> {
  const store = await stores.open(place);
  const log = await createLog(store);
  await log.append(answer({ from: '447700900000', uuid: 'leg-1', conversation_uuid: 'CON-1' }));
  await log.append(event({ ...statusOf('leg-1', 'started'), note: 'a\0b "quoted"\nline 😀 \u2028' }));
  await log.close();
  await createContacts(store, now).save('447700900000', { name: 'Ada', company: null, link: null }, 'Alice');
  await store.write((transaction) =>
    transaction
      .insertInto('voicemails')
      .values({
        id: 'abc',
        call: 'leg-1',
        queue: null,
        from_party: '447700900000',
        offered_at: 1,
        received_at: 2,
        seconds: 1.25,
        state: 'kept',
        url: null,
        attempts: 0,
        due_at: 0,
        transcript: null,
        transcript_url: null,
        transcript_told_at: null,
        transcript_due_at: null,
        heard_by: null,
        heard_at: null,
      })
      .execute(),
  );
  mkdirSync(join(place.dataDir, 'voicemails'), { recursive: true });
  writeFileSync(join(place.dataDir, 'voicemails/abc.wav'), RECORDING);
  writeFileSync(join(place.dataDir, 'access-codes.json'), '{}');
  return store;
}

/** Longer than a line of the file. */
const RECORDING = Buffer.from(Array.from({ length: 700_001 }, (_, index) => index % 251));

const newFile = () => join(emptyFolder(), 'switchboard.backup');

describeStores('a backup', (stores) => {
  it('restores every row and recording into an empty store, which then works on', async () => {
    const from = await placeOf(stores);
    const store = await filledStore(stores, from);
    const file = newFile();
    const made = await makeBackup(from, file, now);
    expect(made).toMatchObject({ files: 2, missing: 0, bytes: statSync(file).size });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const to = await placeOf(stores);
    expect(await restoreBackup(to, file, tables)).toEqual({
      madeAt: MADE_AT,
      tables: made.tables,
      rows: made.rows,
      files: 2,
    });
    const restored = await stores.open(to);
    expect(await contentOf(restored)).toEqual(await contentOf(store));
    expect(readFileSync(join(to.dataDir, 'voicemails/abc.wav')).equals(RECORDING)).toBe(true);
    expect(readFileSync(join(to.dataDir, 'access-codes.json'), 'utf8')).toBe('{}');
    const log = await createLog(restored);
    expect(await log.append(event(statusOf('leg-1', 'answered', 3)))).toMatchObject({ id: 3, stored: 'new' });
    await log.close();
  });

  it('of SQLite is restored into Postgres, and the other way round', async () => {
    if (stores.engine === 'sqlite') return;
    const sqlite = () => ({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
    for (const [from, to] of [
      [sqlite(), await placeOf(stores)],
      [await placeOf(stores), sqlite()],
    ] as const) {
      const store = await filledStore(stores, from);
      const file = newFile();
      await makeBackup(from, file, now);
      await restoreBackup(to, file, tables);
      const restored = await stores.open(to);
      expect([store.engine.name, restored.engine.name].sort()).toEqual(['postgres', 'sqlite']);
      expect(await contentOf(restored)).toEqual(await contentOf(store));
      const log = await createLog(restored);
      const next = await log.append(event(statusOf('leg-1', 'answered', 3)));
      expect(next).toMatchObject({ id: 3, stored: 'new' });
      await log.close();
    }
  });

  it('is the store as it was at one moment, while webhooks are stored', async () => {
    const from = await placeOf(stores);
    const store = await stores.open(from);
    const log = await createLog(store);
    let sent = 0;
    const send = () => {
      sent += 1;
      return log.append(event(statusOf(`leg-${sent}`, 'started', sent, `CON-${sent}`)));
    };
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 200 }, send));
    const before = sent;
    let over = false;
    const senders = Array.from({ length: 4 }, async () => {
      while (!over) await send();
    });
    const file = newFile();
    await makeBackup(from, file, now);
    over = true;
    await Promise.all(senders);
    await log.close();
    expect(sent).toBeGreaterThan(before);
    const to = await placeOf(stores);
    await restoreBackup(to, file, tables);
    const content = await contentOf(await stores.open(to));
    const entries = content.get('entries')?.length ?? 0;
    expect(entries).toBeGreaterThanOrEqual(before);
    expect(content.get('counters')).toMatchObject([
      { newest_entry_id: entries, newest_call_number: entries },
    ]);
    expect(content.get('calls')).toHaveLength(entries);
    expect(content.get('call_names')).toHaveLength(2 * entries);
  });

  it('of an older version is upgraded when the server starts', async () => {
    const from = await placeOf(stores);
    const first = ['001', '002', '003', '010', '011', '020', '021'];
    const older = await stores.open({ ...from, tables: only((name) => first.includes(name.slice(0, 3))) });
    await older.write((transaction) =>
      transaction
        .insertInto('accounts')
        .values({ name: 'Alice', roles: 'agent', code_hash: null, added_at: 1, removed_at: null })
        .execute(),
    );
    const file = newFile();
    await makeBackup(from, file, now);
    const to = await placeOf(stores);
    await restoreBackup(to, file, tables);
    const restored = await stores.open(to);
    expect(to.lines).toEqual([]);
    const content = await contentOf(restored);
    expect(content.get('accounts')).toMatchObject([{ name: 'Alice' }]);
    expect([content.get('hooks'), content.get('contacts')]).toEqual([[], []]);
  });

  it('of a newer version is refused', async () => {
    const from = await placeOf(stores);
    await filledStore(stores, from);
    const file = newFile();
    await makeBackup(from, file, now);
    const to = await placeOf(stores);
    const restored = restoreBackup(
      to,
      file,
      only((name) => !name.startsWith('060')),
    );
    await expect(restored).rejects.toThrow(`${file} was made by a newer version of Switchboard`);
    expect(existsSync(to.dataDir)).toBe(false);
    // Nothing is in the way of the right version.
    await restoreBackup(to, file, tables);
  });

  it('is not restored into a store that is in use, nor over recordings', async () => {
    const from = await placeOf(stores);
    await filledStore(stores, from);
    const file = newFile();
    await makeBackup(from, file, now);
    const used = await placeOf(stores);
    const content = await contentOf(await stores.open(used));
    await expect(restoreBackup(used, file, tables)).rejects.toThrow(
      /already at .*switchboard.db|is not empty/,
    );
    expect(await contentOf(await stores.open(used))).toEqual(content);
    const other = await placeOf(stores);
    mkdirSync(join(other.dataDir, 'voicemails'), { recursive: true });
    writeFileSync(join(other.dataDir, 'voicemails/abc.wav'), 'mine');
    await expect(restoreBackup(other, file, tables)).rejects.toThrow('There is a file already at');
    expect(readFileSync(join(other.dataDir, 'voicemails/abc.wav'), 'utf8')).toBe('mine');
    expect(readdirSync(other.dataDir)).toEqual(['voicemails']);
  });

  it('that is damaged is refused before anything is touched', async () => {
    const from = await placeOf(stores);
    await filledStore(stores, from);
    const file = newFile();
    await makeBackup(from, file, now);
    const whole = readFileSync(file);
    const lines = gunzipSync(whole).toString().trimEnd().split('\n');
    const packed = (some: string[]) => gzipSync(`${some.join('\n')}\n`);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(whole.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    const damaged = {
      'a bit is wrong': flipped,
      'the end is missing': whole.subarray(0, -100),
      'the last line is missing': packed(lines.slice(0, -1)),
      'a row is missing': packed(lines.toSpliced(5, 1)),
      'a path leads elsewhere': packed(
        lines.map((line) => line.replace('"access-codes.json"', '"../access-codes.json"')),
      ),
      'not packed': lines.join('\n'),
      'something else': gzipSync('hello'),
      empty: '',
    };
    const to = await placeOf(stores);
    for (const [what, content] of Object.entries(damaged)) {
      writeFileSync(file, content);
      await expect(restoreBackup(to, file, tables), what).rejects.toThrow(/is damaged|is not a backup/);
      expect(existsSync(to.dataDir), what).toBe(false);
    }
  });

  it('replaces no file, and leaves none if it fails', async () => {
    const from = await placeOf(stores);
    await filledStore(stores, from);
    const file = newFile();
    writeFileSync(file, 'mine');
    await expect(makeBackup(from, file, now)).rejects.toThrow('exists already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    rmSync(file);
    writeFileSync(`${file}.partial`, 'of a backup that was cut off');
    await expect(makeBackup(from, file, now)).rejects.toThrow('one was cut off. In that case, delete it.');
    expect(readFileSync(`${file}.partial`, 'utf8')).toBe('of a backup that was cut off');
    const folder = emptyFolder();
    await expect(makeBackup(from, join(folder, 'no/such/folder'), now)).rejects.toThrow('cannot be written');
    await expect(makeBackup(await placeOf(stores), join(folder, 'of nothing'), now)).rejects.toThrow(
      /There is no database|no tables of Switchboard/,
    );
    expect(readdirSync(folder)).toEqual([]);
    // A recording that was deleted meanwhile is left out, and one of no message.
    writeFileSync(join(from.dataDir, 'voicemails/other.wav'), 'of no message');
    rmSync(join(from.dataDir, 'voicemails/abc.wav'));
    expect(await makeBackup(from, newFile(), now)).toMatchObject({ files: 1, missing: 1 });
  });
});

/** The tables of another version. */
function only(has: (name: string) => boolean): Tables {
  return {
    migrations: (engine): Record<string, Migration> =>
      Object.fromEntries(Object.entries(tables.migrations(engine)).filter(([name]) => has(name))),
    settle: async () => {},
  };
}
