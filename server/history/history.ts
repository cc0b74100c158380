import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { HistoryItem, HistoryOutcome, HistoryPage } from '../../domain/api/history-api.ts';
import { fold } from '../../domain/contacts/contact.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { HistoryBody } from './project.ts';
import type { HistoryRow } from './tables.ts';

export interface HistoryFilter {
  /** Null: the team. */
  agent: string | null;
  outcome?: HistoryOutcome | undefined;
  direction?: HistoryItem['direction'] | undefined;
  /** Milliseconds since 1970, from the one and before the other. */
  from?: number | undefined;
  to?: number | undefined;
  search?: string | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
}

/** What calls were to agents and to the team. Methods reject with StoreUnavailable while the store is down. */
export interface History {
  /** Newest first. */
  list(filter: HistoryFilter): Promise<Pick<HistoryPage, 'items' | 'next'>>;
  /** The latest calls of a number, newest first, as the team's history has them. */
  ofNumber(number: string, most: number): Promise<readonly HistoryItem[]>;
  /** Calls that an agent missed since they were last seen. */
  missed(agent: string): Promise<number>;
  /** What was missed until a time is no longer counted. */
  seen(agent: string, until: number): Promise<void>;
}

const PAGE = 50;

/** Outcomes that say what became of a call, rather than what it was to an agent. */
const FOR_THE_TEAM: ReadonlySet<HistoryOutcome> = new Set<HistoryOutcome>([
  'voicemail',
  'callback',
  'overflow',
  'closed',
  'canceled',
  'lost',
]);

export function createHistory(store: Store): History {
  return {
    async list(filter) {
      const rows = await store.read((db) => historyQuery(db, store, filter).execute());
      const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
      return {
        items: rows.slice(0, PAGE).map(itemOf),
        next: last === undefined ? null : cursorOf(last),
      };
    },
    async ofNumber(number, most) {
      const rows = await store.read((db) =>
        withContacts(db)
          .where('history.number', '=', number)
          .where('agent', '=', '')
          .orderBy('at', 'desc')
          .orderBy('id', 'desc')
          .limit(most)
          .execute(),
      );
      return rows.map(itemOf);
    },
    async missed(agent) {
      const { count } = await store.read((db) =>
        db
          .selectFrom('history')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('agent', '=', agent)
          // This exact condition lets the database use the small index of missed calls.
          .where(sql<boolean>`outcome = 'missed'`)
          .where(
            sql<boolean>`settled_at > coalesce((select seen_at from history_seen where agent = ${agent}), 0)`,
          )
          .executeTakeFirstOrThrow(),
      );
      return Number(count);
    },
    async seen(agent, until) {
      await store.write((transaction) =>
        transaction
          .insertInto('history_seen')
          .values({ agent, seen_at: until })
          .onConflict((conflict) =>
            conflict
              .column('agent')
              .doUpdateSet({ seen_at: until })
              // A tab that shows an older list takes nothing back.
              .where('history_seen.seen_at', '<', until),
          )
          .execute(),
      );
    },
  };
}

type Listed = Pick<HistoryRow, 'id' | 'agent' | 'at' | 'direction' | 'outcome' | 'number' | 'body'> & {
  name: string | null;
  company: string | null;
};

function withContacts(db: Kysely<Schema>) {
  return db
    .selectFrom('history')
    .leftJoin('contacts', 'contacts.number', 'history.number')
    .select([
      'history.id',
      'agent',
      'at',
      'direction',
      'outcome',
      'history.number',
      'body',
      'name',
      'company',
    ]);
}

/** A page of the history and one row more. */
export function historyQuery(
  db: Kysely<Schema>,
  { engine }: Store,
  { agent, outcome, direction, from, to, search, after }: HistoryFilter,
): SelectQueryBuilder<Schema, 'history', Listed> {
  let query: ReturnType<typeof withContacts> = withContacts(db).where('agent', '=', agent ?? '');
  const position = positionIn(after);
  if (position !== undefined) {
    query = query.where(sql<boolean>`(at, id) < (${position.at}, ${position.id})`);
  }
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (direction !== undefined) query = query.where('direction', '=', direction);
  if (outcome !== undefined) {
    query = query.where(FOR_THE_TEAM.has(outcome) ? 'became' : 'outcome', '=', outcome);
  }
  const wanted = search?.replaceAll('\0', '').trim() ?? '';
  if (wanted !== '') {
    const digits = /^[\d\s()+.-]+$/.test(wanted) ? wanted.replace(/\D/g, '').replace(/^0+/, '') : '';
    query = query.where(({ or, ref }) =>
      or([
        engine.contains(ref('searched'), fold(wanted)),
        engine.contains(ref('note'), wanted),
        ...(digits === '' ? [] : [engine.contains(ref('history.number'), digits)]),
      ]),
    );
  }
  return query
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(PAGE + 1);
}

function itemOf({ agent, at, direction, outcome, number, body, name, company }: Listed): HistoryItem {
  const rest: HistoryBody = JSON.parse(body);
  const contact = name === null && company === null ? null : { name, company };
  return { ...rest, agent: agent === '' ? null : agent, at, direction, outcome, number, contact };
}

function cursorOf({ at, id }: Pick<Listed, 'at' | 'id'>): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

/** Undefined where the text is no cursor. */
export function positionIn(cursor: string | undefined): { at: number; id: string } | undefined {
  const [, at, id] = /^(\d{1,15}) ([^\0]+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString()) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id };
}
