import type { QueryResult } from 'kysely';
import pg from 'pg';
import type { Session } from './driver.ts';

/** The server cannot be reached, or did not answer in time. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** Milliseconds that a connection may take to open. */
const CONNECT_MS = 2_000;

/** Milliseconds that a query may take. Vonage waits 10 s for the answer to an event. */
const QUERY_MS = 4_000;

/** `int8`: numbers below 2^53 here. */
const INT8 = 20;

/** How this program connects to the database under an address. */
export function settingsOf(url: string): pg.ClientConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  return {
    connectionString: url,
    application_name: 'switchboard',
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: QUERY_MS,
    // Longer than the server's, after which a connection can go on.
    query_timeout: QUERY_MS + 500,
    idle_in_transaction_session_timeout: 2 * QUERY_MS,
    keepAlive: true,
    types,
  };
}

/** Whether the server answered that it cannot do something. */
export function isServerError(error: unknown): error is pg.DatabaseError & { code: string } {
  return error instanceof pg.DatabaseError && error.code !== undefined;
}

/**
 * Sessions over at most so many connections. What fails rejects with the server's error, or with
 * ConnectionLost; after that neither this connection is used again, nor any that was open with it: where one
 * broke, the others most often did too.
 */
export function createSessions(settings: pg.ClientConfig, connections: number) {
  let pool = createPool();

  function createPool(): pg.Pool {
    const fresh = new pg.Pool({ ...settings, max: connections, idleTimeoutMillis: 30_000 });
    // A connection that breaks while nobody uses it is simply gone.
    fresh.on('error', () => {});
    return fresh;
  }

  return {
    async open(): Promise<Session> {
      const used = pool;
      try {
        const client = await used.connect();
        return sessionOf(client, () => {
          if (pool !== used) return;
          pool = createPool();
          void used.end();
        });
      } catch (error) {
        throw isServerError(error) ? error : new ConnectionLost(error);
      }
    },
    end: () => pool.end(),
  };
}

function sessionOf(client: pg.PoolClient, onLost: () => void): Session {
  let lost: ConnectionLost | undefined;
  function lose(cause: unknown): ConnectionLost {
    if (lost === undefined) onLost();
    lost ??= new ConnectionLost(cause);
    return lost;
  }
  // The query that runs is told as well; without a listener the process would end.
  client.on('error', lose);

  async function query<Row>(text: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    if (lost !== undefined) throw lost;
    try {
      const { command, rows, rowCount } = await client.query(text, [...parameters]);
      // So the server ends a transaction in which a statement had failed.
      if (text === 'commit' && command === 'ROLLBACK') throw new Error('The transaction was rolled back.');
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      if (isServerError(error)) throw error;
      throw lose(error);
    }
  }

  return {
    query,
    begin: async () => void (await query('begin', [])),
    commit: async () => void (await query('commit', [])),
    async rollback() {
      // A transaction ends with its connection.
      if (lost === undefined) await query('rollback', []);
    },
    release() {
      client.off('error', lose);
      client.release(lost);
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
