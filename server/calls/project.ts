import { type CallState, joinStates, reduce, unpackState } from '../../domain/calls/reduce.ts';
import { type Ring, ringDecided } from '../../domain/calls/ring.ts';
import { callNames } from '../../domain/webhooks/identity.ts';
import { isLookedUp, type LogEntry } from '../../domain/webhooks/log-entry.ts';
import { columnNames, type Spelling, together } from '../store/engine.ts';
import type { CallNameRow, CallRow } from '../store/schema.ts';
import type { StoreTransaction } from '../store/store.ts';
import { keepDeskOf } from './outcomes.ts';
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

/** What the store knows about the calls of some entries. */
interface Known {
  /** The number of a call by each of its names, of those that the entries mention. */
  numbers: Map<string, number>;
  /** By number. */
  calls: Map<number, StoredCall>;
}

/** A call as far as entries are added to it. */
type StoredCall = Pick<CallRow, 'number' | 'state' | 'first_seen_at' | 'last_heard_at' | 'last_entry_id'>;

/** Entries that are projected to calls. */
interface Projected {
  /** Each entry's call number, in order. */
  numbers: number[];
  /** The new highest call number. */
  newest: number;
  /** New and changed calls, and names that a call did not have. */
  calls: CallRow[];
  names: CallNameRow[];
  /** What the ringing of calls came to that was not decided before. */
  rings: Ring[];
}

/** Reads the calls that entries belong to, before they are projected. */
export async function knownCalls(
  spelling: Spelling,
  transaction: StoreTransaction,
  entries: readonly LogEntry[],
): Promise<Known> {
  const names = [...new Set(entries.flatMap(callNames))].map((name) => ({ name }));
  const found = await transaction
    .selectFrom(spelling.rowsOf(names, { name: 'text' }))
    .innerJoin('call_names', 'call_names.name', 'r.name')
    .innerJoin('calls', 'calls.number', 'call_number')
    .select(['call_names.name', 'calls.number', 'state', 'first_seen_at', 'last_heard_at', 'last_entry_id'])
    .execute();
  return {
    numbers: new Map(found.map(({ name, number }) => [name, number])),
    calls: new Map(found.map((call) => [call.number, call])),
  };
}

/**
 * Projects entries to calls: each entry belongs to the call of any of its names. If its names lead to several
 * calls, these are merged, which is already written; the rest is for `writeProjected`.
 * @param newest the highest call number so far.
 */
export async function project(
  spelling: Spelling,
  transaction: StoreTransaction,
  entries: readonly LogEntry[],
  known: Known,
  newest: number,
): Promise<Projected> {
  const named = entries.map((entry) => ({ entry, names: callNames(entry) }));
  const groups = groupByName(named, known.numbers);
  const all = [...new Set(groups.values())];
  const longest = await longestCalls(spelling, transaction, all);
  let last = newest;
  const calls: CallRow[] = [];
  const rings: Ring[] = [];
  const merged: { number: number; target: number }[] = [];
  const numberOf = new Map<Group, number>();
  for (const group of all) {
    const remaining = longest.get(group);
    if (remaining === undefined) last += 1;
    const number = remaining ?? last;
    numberOf.set(group, number);
    for (const other of group.numbers) if (other !== number) merged.push({ number: other, target: number });
    const { row, ring } = callAfter(number, group, known.calls);
    calls.push(row);
    if (ring !== null) rings.push(ring);
  }
  if (merged.length > 0) await mergeCalls(spelling, transaction, merged);
  const names = [...groups].flatMap(([name, group]): CallNameRow[] => {
    const number = numberOf.get(group);
    return known.numbers.has(name) || number === undefined ? [] : [{ name, call_number: number }];
  });
  const numbers = named.map(({ names: [name = ''] }) => {
    const group = groups.get(name);
    return (group && numberOf.get(group)) ?? 0;
  });
  return { numbers, newest: last, calls, names, rings };
}

/** Writes the calls of projected entries. */
export async function writeProjected(
  spelling: Spelling,
  transaction: StoreTransaction,
  { calls, names }: Projected,
): Promise<void> {
  await together([writeCalls(spelling, transaction, calls), insertNames(spelling, transaction, names)]);
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
): { row: CallRow; ring: Ring | null } {
  const before: CallState[] = [];
  let state: CallState | undefined;
  let firstSeenAt = Infinity;
  let lastHeardAt = 0;
  let lastEntryId = 0;
  for (const each of numbers) {
    const call = stored.get(each);
    if (call === undefined) continue;
    const known = unpackState(call.state);
    before.push(known);
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
  const row = callRow(state, { number, firstSeenAt, lastHeardAt, lastEntryId });
  const mayBeDecided = row.direction === 'inbound' && (row.answered_at !== null || row.status === 'ended');
  const heard = entries.some(isLookedUp) ? null : lastHeardAt - firstSeenAt;
  return { row, ring: mayBeDecided ? ringDecided(before, state, heard) : null };
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
  await keepDeskOf(spelling, transaction, merged);
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
