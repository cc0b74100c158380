import { type AliasedRawBuilder, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { type Columns, type Engine, patternOf, type Spelling } from '../engine.ts';
import type { Schema } from '../schema.ts';
import { createNews, NEWS_CHANNEL } from './news.ts';
import { createPipelines } from './pipeline.ts';

/** The write lock: any number that no other program uses as an advisory lock. */
const WRITE_LOCK = 7_947_322_485_167;

/** Connection timeout in milliseconds. */
const CONNECT_MS = 2_000;

/** Query timeout in milliseconds. Vonage waits 10 s for the answer to an event. */
const QUERY_MS = 4_000;

/** Milliseconds that a transaction may wait for the lock, and may be idle while it holds it. */
const LOCK_MS = 1_500;
const IDLE_MS = 1_000;

/**
 * Every lookup of a write can use an index, but without statistics the planner would scan new tables
 * completely.
 */
const BY_INDEX = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** `int8`: numbers below 2^53 here. */
const INT8 = 20;

/** SQLSTATE classes of values that cannot be stored. All others concern the server or the disk. */
const VALUE_FAULTS: ReadonlySet<string> = new Set([
  '22', // data exception
  '23', // integrity constraint violation
  '54', // program limit exceeded
]);

/** SQLSTATE classes of a server that is starting, stopping or too busy. */
const PASSING: ReadonlySet<string> = new Set(['08', '53', '55', '57']);

const TYPE_OF = { text: 'text', integer: 'bigint', real: 'double precision' } as const;

const spelling: Spelling = {
  name: 'postgres',
  rowsOf<R extends object>(rows: readonly R[], columns: Columns<R>): AliasedRawBuilder<R, 'r'> {
    const fields = Object.entries<keyof typeof TYPE_OF>(columns).map(
      ([name, type]) => `${name} ${TYPE_OF[type]}`,
    );
    const table = sql.raw(`r(${fields.join()})`);
    return sql<R>`json_to_recordset(${jsonOf(rows)}::json)`.as<'r'>(table);
  },
  contains: (column, text) => sql`${column} ilike ${patternOf(text)} escape '\\'`,
  async announce(transaction, newestEntryId) {
    await sql`select pg_notify(${NEWS_CHANNEL}, ${String(newestEntryId)})`.execute(transaction);
  },
};

/** Escapes in JSON that may be characters which Postgres stores nowhere: NUL, and halves of others. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

/** Rows as JSON that Postgres takes: one text that it refuses would cost all rows, and what else happens with them. */
function jsonOf(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value,
  );
}

const TAKE_LOCK = `select pg_advisory_xact_lock(${WRITE_LOCK})`;

/** Sees what was committed while the transaction waited for the lock, if it is a statement of its own. */
const COUNT_MIGRATIONS = 'select count(*) as migrations from kysely_migration';

/** What this version writes may be wrong in the tables of a newer one. */
class NewerTables extends Error {
  constructor() {
    super('a newer version of Switchboard has changed its tables, and this server must be replaced, too');
  }
}

/** @param url like `postgres://user:password@host:5432/database`. */
export function openPostgres(url: string): Engine {
  const settings = settingsOf(url);
  // A separate pool, so that searches can never block storing an event.
  const writing = poolOf({ ...settings, options: BY_INDEX, pipeline: true }, 2);
  const reading = poolOf(settings, 6);
  const dialect = new PostgresDialect({ pool: writing });
  const writer = new Kysely<Schema>({ dialect });
  const reader = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: reading }) });
  let most = Number.POSITIVE_INFINITY;
  function mustNotBeNewer([row]: readonly { migrations: number }[]): void {
    if (row !== undefined && row.migrations > most) throw new NewerTables();
  }
  const transact = createPipelines<{ migrations: number }>({
    pool: writing,
    dialect,
    db: writer,
    begin: `begin; ${TAKE_LOCK}; ${COUNT_MIGRATIONS}`,
    check: mustNotBeNewer,
  });
  const news = createNews(settings);
  return {
    ...spelling,
    writer,
    reader,
    async lock(transaction) {
      await sql.raw(TAKE_LOCK).execute(transaction);
      if (most === Number.POSITIVE_INFINITY) return;
      mustNotBeNewer((await sql.raw<{ migrations: number }>(COUNT_MIGRATIONS).execute(transaction)).rows);
    },
    allowMigrations(count) {
      most = count;
    },
    perform: (work, input) => transact((transaction) => work.run(spelling, transaction, input)),
    listen: news.listen,
    isOutage: (error) =>
      isServerError(error)
        ? !VALUE_FAULTS.has(classOf(error))
        : isLost(error) || error instanceof NewerTables,
    // "data_corrupted" and "index_corrupted".
    isDamage: (error) => isServerError(error) && /^XX00[12]$/.test(error.code),
    mayPass: (error) => (isServerError(error) ? PASSING.has(classOf(error)) : isLost(error)),
    recover() {
      writing.renew();
      reading.renew();
    },
    snapshot: (work) =>
      reader
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (transaction) => {
          await sql`set local idle_in_transaction_session_timeout = 0`.execute(transaction);
          return work(transaction);
        }),
    async size() {
      const { rows } = await sql<{
        size: number;
      }>`select pg_database_size(current_database()) as size`.execute(reader);
      return rows[0]?.size ?? 0;
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
    // Longer than the server's own timeout, after which a connection is still usable.
    query_timeout: QUERY_MS + 500,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_MS,
    keepAlive: true,
    types,
  };
}

/** A connection pool. `renew` replaces all connections, because when one breaks the others usually have too. */
function poolOf(settings: pg.ClientConfig, max: number) {
  function open(): pg.Pool {
    const fresh = new pg.Pool({ ...settings, max, idleTimeoutMillis: 30_000 });
    // An idle connection that breaks needs no handling; a running query gets its own error.
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

/** Whether the server returned an error. */
function isServerError(error: unknown): error is pg.DatabaseError & { code: string } {
  return error instanceof pg.DatabaseError && error.code !== undefined;
}

function classOf({ code }: { code: string }): string {
  return code.slice(0, 2);
}

/** Whether the server is unreachable, timed out, or ended the transaction. */
function isLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isLost);
  if (!(error instanceof Error)) return false;
  const isFromSystem = 'code' in error && typeof error.code === 'string' && SYSTEM.test(error.code);
  return isFromSystem || LOST.test(error.message) || error.name === 'AbortedTransactionError';
}

/** Codes of sockets and of TLS. */
const SYSTEM = /^E[A-Z]+$|^ERR_(TLS|SSL)|CERT|^UNABLE_TO_/;

/** Messages of `pg` errors without a code. */
const LOST =
  /^(Connection terminated|Connection ended|timeout e|Query read timeout|Client (was closed|has encountered)|The server does not support SSL|Cannot use a pool after)|not queryable/i;
