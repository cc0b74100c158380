import {
  type AliasedRawBuilder,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  sql,
  type Transaction,
} from 'kysely';
import pg from 'pg';
import { type Columns, type Engine, patternOf, type Spelling } from '../engine.ts';
import type { Schema } from '../schema.ts';
import { createNews, NEWS_CHANNEL } from './news.ts';

/** The one lock: any number that no other program takes for a lock of its own. */
const WRITE_LOCK = 7_947_322_485_167;

/** Milliseconds that a connection may take to open. */
const CONNECT_MS = 2_000;

/** Milliseconds that a query may take. Vonage waits 10 s for the answer to an event. */
const QUERY_MS = 4_000;

/** Milliseconds that a transaction waits for the lock, and that it may do nothing while it holds it. */
const LOCK_MS = 1_500;
const IDLE_MS = 1_000;

/**
 * Whatever a write looks up, it finds by an index. The planner would not know it while tables are new: without
 * statistics it reads them whole.
 */
const BY_INDEX = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** `int8`: numbers below 2^53 here. */
const INT8 = 20;

/** SQLSTATE classes that tell of a value that cannot be stored; all others tell of the server or the disk. */
const VALUE_FAULTS: ReadonlySet<string> = new Set([
  '22', // data exception
  '23', // integrity constraint violation
  '54', // program limit exceeded
]);

/** SQLSTATE classes of a server that starts, stops, or is too busy. */
const PASSING: ReadonlySet<string> = new Set(['08', '53', '55', '57']);

const TYPE_OF = { text: 'text', integer: 'bigint', real: 'double precision' } as const;

const spelling: Spelling = {
  name: 'postgres',
  rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'> {
    const fields = Object.entries<keyof typeof TYPE_OF>(columns).map(
      ([name, type]) => `${name} ${TYPE_OF[type]}`,
    );
    const table = sql.raw(`r(${fields.join()})`);
    return sql<R>`json_to_recordset(${JSON.stringify(rows)}::json)`.as<'r'>(table);
  },
  contains: (column, text) => sql`${column} ilike ${patternOf(text)} escape '\\'`,
  async announce(transaction, newestEntryId) {
    await sql`select pg_notify(${NEWS_CHANNEL}, ${String(newestEntryId)})`.execute(transaction);
  },
};

async function lock(transaction: Transaction<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(transaction);
}

/** @param url like `postgres://user:password@host:5432/database`. */
export function openPostgres(url: string): Engine {
  const settings = settingsOf(url);
  // Apart, so that no number of searches can keep an event from being stored.
  const [writing, reading] = [poolOf({ ...settings, options: BY_INDEX }, 2), poolOf(settings, 6)];
  const writer = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: writing }) });
  const reader = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: reading }) });
  const news = createNews(settings);
  return {
    ...spelling,
    writer,
    reader,
    lock,
    perform: (work, input) =>
      writer.transaction().execute(async (transaction) => {
        await lock(transaction);
        return work.run(spelling, transaction, input);
      }),
    listen: news.listen,
    isOutage: (error) => (isServerError(error) ? !VALUE_FAULTS.has(classOf(error)) : isLost(error)),
    // "data_corrupted" and "index_corrupted".
    isDamage: (error) => isServerError(error) && /^XX00[12]$/.test(error.code),
    mayPass: (error) => (isServerError(error) ? PASSING.has(classOf(error)) : isLost(error)),
    recover() {
      writing.renew();
      reading.renew();
    },
    verify: () => {},
    async close() {
      await Promise.all([news.close(), writer.destroy(), reader.destroy()]);
    },
  };
}

function settingsOf(url: string): pg.ClientConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  return {
    connectionString: url,
    application_name: 'switchboard',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: QUERY_MS,
    // Longer than the server's, after which a connection can go on.
    query_timeout: QUERY_MS + 500,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_MS,
    keepAlive: true,
    types,
  };
}

/** At most so many connections. After `renew` all are new ones: where one broke, the others most often did too. */
function poolOf(settings: pg.ClientConfig, max: number): PostgresPool & { renew(): void } {
  function open(): pg.Pool {
    const fresh = new pg.Pool({ ...settings, max, idleTimeoutMillis: 30_000 });
    // A connection that breaks while nobody uses it is simply gone; a query that runs is told by itself.
    fresh.on('error', () => {});
    fresh.on('connect', (client) => client.on('error', () => {}));
    return fresh;
  }
  let pool = open();
  return {
    connect: () => pool.connect(),
    end: () => pool.end(),
    options: pool.options,
    renew() {
      const broken = pool;
      pool = open();
      broken.end().catch(() => {});
    },
  };
}

/** Whether the server answered that it cannot do something. */
function isServerError(error: unknown): error is pg.DatabaseError & { code: string } {
  return error instanceof pg.DatabaseError && error.code !== undefined;
}

function classOf({ code }: { code: string }): string {
  return code.slice(0, 2);
}

/** Whether the server cannot be reached, did not answer in time, or ended the transaction. */
function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error)) return false;
  const isFromSystem = 'code' in error && typeof error.code === 'string' && SYSTEM.test(error.code);
  return isFromSystem || LOST.test(error.message) || error.name === 'AbortedTransactionError';
}

/** Codes of sockets and of TLS. */
const SYSTEM = /^E[A-Z]+$|^ERR_(TLS|SSL)|CERT|^UNABLE_TO_/;

/** What `pg` says, without a code. */
const LOST =
  /^(Connection terminated|Connection ended|timeout e|Query read timeout|Client (was closed|has encountered)|The server does not support SSL|Cannot use a pool after)|not queryable/i;
