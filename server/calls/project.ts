import { type CallState, joinStates, reduce, unpackState } from '../../domain/calls/reduce.ts';
import { callNames } from '../../domain/webhooks/identity.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { columnNames, type Spelling } from '../store/engine.ts';
import type { CallNameRow, CallRow } from '../store/schema.ts';
import type { StoreTransaction } from '../store/store.ts';
import { CALL_COLUMNS, callRow } from './rows.ts';

const NAME_COLUMNS = { name: 'text', call_number: 'integer' } as const;
const NUMBER = { number: 'integer' } as const;

/** Number of entries that few calls exceed. */
const MANY_ENTRIES = 100;

/** Calls that are one call, because an entry names both. */
interface Group {
  names: Set<string>;
  /** Numbers of stored calls. The one with the most entries remains. */
  numbers: Set<number>;
  entries: LogEntry[];
}

/**
 * Projects entries to calls: each entry belongs to the call of any of its names. If its names lead to several
 * calls, these are merged.
 * @param newest the highest call number so far.
 * @returns each entry's call number, in order, and the new highest number.
 */
export async function project(
  spelling: Spelling,
  transaction: StoreTransaction,
  entries: readonly LogEntry[],
  newest: number,
): Promise<{ numbers: number[]; newest: number }> {
  const named = entries.map((entry) => ({ entry, names: callNames(entry) }));
  const names = [...new Set(named.flatMap((each) => each.names))];
  const known = await callsOf(spelling, transaction, names);
  const groups = groupByName(named, known);
  const all = [...new Set(groups.values())];
  const stored = await readCalls(spelling, transaction, all);
  const longest = await longestCalls(spelling, transaction, all);
  let last = newest;
  const rows: CallRow[] = [];
  const merged: { number: number; target: number }[] = [];
  const numberOf = new Map<Group, number>();
  for (const group of all) {
    const remaining = longest.get(group);
    if (remaining === undefined) last += 1;
    const number = remaining ?? last;
    numberOf.set(group, number);
    for (const other of group.numbers) if (other !== number) merged.push({ number: other, target: number });
    rows.push(callAfter(number, group, stored));
  }
  if (merged.length > 0) await mergeCalls(spelling, transaction, merged);
  await writeCalls(spelling, transaction, rows);
  const fresh = names.flatMap((name): CallNameRow[] => {
    const group = groups.get(name);
    const number = group && numberOf.get(group);
    return known.has(name) || number === undefined ? [] : [{ name, call_number: number }];
  });
  await insertNames(spelling, transaction, fresh);
  const numbers = named.map(({ names: [name = ''] }) => {
    const group = groups.get(name);
    return (group && numberOf.get(group)) ?? 0;
  });
  return { numbers, newest: last };
}

/** Groups entries that share a name, and calls that are named together. */
function groupByName(
  named: readonly { entry: LogEntry; names: readonly string[] }[],
  known: ReadonlyMap<string, number>,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  const groupOfNumber = new Map<number, Group>();
  for (const { entry, names } of named) {
    const numbers = names.map((name) => known.get(name)).filter((number) => number !== undefined);
    const met = [
      ...names.map((name) => groups.get(name)),
      ...numbers.map((number) => groupOfNumber.get(number)),
    ].filter((each) => each !== undefined);
    const fresh: Group = { names: new Set(), numbers: new Set(), entries: [] };
    const [group = fresh, ...others] = new Set(met);
    group.entries.push(entry);
    for (const other of others) group.entries.push(...other.entries);
    for (const each of [{ names, numbers }, ...others]) {
      for (const name of each.names) {
        group.names.add(name);
        groups.set(name, group);
      }
      for (const number of each.numbers) {
        group.numbers.add(number);
        groupOfNumber.set(number, group);
      }
    }
  }
  return groups;
}

function callAfter(
  number: number,
  { numbers, entries }: Group,
  stored: ReadonlyMap<number, StoredCall>,
): CallRow {
  let state: CallState | undefined;
  let firstSeenAt = Infinity;
  let lastHeardAt = 0;
  let lastEntryId = 0;
  for (const each of numbers) {
    const call = stored.get(each);
    if (call === undefined) continue;
    const known = unpackState(call.state);
    state = state === undefined ? known : joinStates(state, known);
    firstSeenAt = Math.min(firstSeenAt, call.first_seen_at);
    lastHeardAt = Math.max(lastHeardAt, call.last_heard_at);
    lastEntryId = Math.max(lastEntryId, call.last_entry_id);
  }
  for (const entry of entries) {
    state = reduce(state, entry);
    firstSeenAt = Math.min(firstSeenAt, entry.receivedAt);
    // A replay from the console adds nothing to the call.
    if (!entry.replayed) lastHeardAt = Math.max(lastHeardAt, entry.receivedAt);
    lastEntryId = Math.max(lastEntryId, entry.id);
  }
  if (state === undefined) throw new Error('A call begins with an entry.');
  return callRow(state, { number, firstSeenAt, lastHeardAt, lastEntryId });
}

type StoredCall = Pick<CallRow, 'number' | 'state' | 'first_seen_at' | 'last_heard_at' | 'last_entry_id'>;

async function readCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  groups: readonly Group[],
): Promise<Map<number, StoredCall>> {
  const numbers = groups.flatMap((group) => [...group.numbers]).map((number) => ({ number }));
  if (numbers.length === 0) return new Map();
  const calls = await transaction
    .selectFrom(spelling.rowsOf(numbers, NUMBER))
    .innerJoin('calls', 'calls.number', 'r.number')
    .select(['calls.number', 'state', 'first_seen_at', 'last_heard_at', 'last_entry_id'])
    .execute();
  return new Map(calls.map((call) => [call.number, call]));
}

async function callsOf(
  spelling: Spelling,
  transaction: StoreTransaction,
  names: readonly string[],
): Promise<Map<string, number>> {
  const found = await transaction
    .selectFrom(
      spelling.rowsOf(
        names.map((name) => ({ name })),
        { name: 'text' },
      ),
    )
    .innerJoin('call_names', 'call_names.name', 'r.name')
    .select(['call_names.name', 'call_number'])
    .execute();
  return new Map(found.map(({ name, call_number }) => [name, call_number]));
}

/**
 * The stored call with the most entries of each group, so that a merge moves only the shorter calls. Counts no
 * further than needed to tell two calls apart, so a huge call costs no more than the one that it is compared with.
 */
async function longestCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  groups: readonly Group[],
): Promise<Map<Group, number>> {
  const longest = new Map<Group, number>();
  let open = groups.map((group) => ({ group, rivals: [...group.numbers].sort((a, b) => a - b) }));
  for (let entries = MANY_ENTRIES; ; entries *= 10) {
    for (const {
      group,
      rivals: [first],
    } of open)
      if (first !== undefined) longest.set(group, first);
    open = open.filter(({ rivals }) => rivals.length > 1);
    if (open.length === 0) return longest;
    const numbers = open.flatMap(({ rivals }) => rivals).map((number) => ({ number }));
    const found = await transaction
      .selectFrom(spelling.rowsOf(numbers, NUMBER))
      .select('r.number')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('entries')
            .select('id')
            .whereRef('call_number', '=', 'r.number')
            .offset(entries)
            .limit(1),
        ),
      )
      .execute();
    const longer = new Set(found.map(({ number }) => number));
    open = open.map(({ group, rivals }) => ({ group, rivals: rivals.filter((each) => longer.has(each)) }));
  }
}

/** Moves entries and names of merged calls to the remaining call. */
async function mergeCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  merged: readonly { number: number; target: number }[],
): Promise<void> {
  const pairs = spelling.rowsOf(merged, { number: 'integer', target: 'integer' });
  for (const table of ['entries', 'call_names'] as const) {
    await transaction
      .updateTable(table)
      .from(pairs)
      .set(({ ref }) => ({ call_number: ref('r.target') }))
      .whereRef('call_number', '=', 'r.number')
      .execute();
  }
  await transaction
    .deleteFrom('calls')
    .where('number', 'in', (given) => given.selectFrom(pairs).select('r.number'))
    .execute();
}

/** Writes new and changed calls. */
export async function writeCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  rows: readonly CallRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columnNames(CALL_COLUMNS);
  await transaction
    .insertInto('calls')
    .columns(names)
    .expression((given) =>
      given
        .selectFrom(spelling.rowsOf(rows, CALL_COLUMNS))
        .select(names)
        // Without "where", SQLite would parse "on" as a join condition.
        .where(({ lit }) => lit(true)),
    )
    .onConflict((conflict) =>
      conflict
        .column('number')
        .doUpdateSet(({ ref }) =>
          Object.fromEntries(
            names.filter((name) => name !== 'number').map((name) => [name, ref(`excluded.${name}`)]),
          ),
        ),
    )
    .execute();
}

async function insertNames(
  spelling: Spelling,
  transaction: StoreTransaction,
  rows: readonly CallNameRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto('call_names')
    .columns(['name', 'call_number'])
    .expression((given) =>
      given.selectFrom(spelling.rowsOf(rows, NAME_COLUMNS)).select(['name', 'call_number']),
    )
    .execute();
}
