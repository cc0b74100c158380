import { hash } from 'node:crypto';
import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Kysely,
  type QueryResult,
  Transaction,
} from 'kysely';
import type pg from 'pg';
import { together } from '../engine.ts';
import type { Schema } from '../schema.ts';

/** A pool whose connections have `pipeline: true`. */
interface PipelinedPool {
  connect(): Promise<pg.PoolClient>;
}

interface Pipelines<Row> {
  pool: PipelinedPool;
  dialect: Dialect;
  /** Any Kysely of this dialect. */
  db: Kysely<Schema>;
  /** The statements that begin a transaction. If one fails, Postgres rejects all that follow. */
  begin: string;
  /** Throws if what the last of these statements gave does not allow the transaction. */
  check(rows: readonly Row[]): void;
}

/**
 * Runs transactions on a pool. Kysely's own send a statement only after the reply to the one before; these send what
 * `together` groups at once, with the beginning in front.
 */
export function createPipelines<Row extends pg.QueryResultRow>({
  pool,
  dialect,
  db,
  begin,
  check,
}: Pipelines<Row>) {
  const parts = { config: { dialect }, dialect, driver: dialect.createDriver() };

  function transactionOn(client: pg.ClientBase): Transaction<Schema> {
    const connection = new PipelinedConnection(client);
    const executor = db.getExecutor().withConnectionProvider({
      provideConnection: (consumer) => consumer(connection),
    });
    return new Transaction<Schema>({ ...parts, executor });
  }

  return async <Output>(work: (transaction: Transaction<Schema>) => Promise<Output>): Promise<Output> => {
    const client = await pool.connect();
    let isBroken = false;
    try {
      const [, output] = await together([
        // Several statements give several results, of which the type does not know.
        client.query<Row>(begin).then((results) => check([results].flat().at(-1)?.rows ?? [])),
        work(transactionOn(client)),
      ]);
      const { command } = await client.query('commit');
      if (command === 'ROLLBACK') throw new AbortedTransactionError();
      return output;
    } catch (error) {
      await client.query('rollback').catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      client.release(isBroken);
    }
  };
}

class PipelinedConnection implements DatabaseConnection {
  readonly #client: pg.ClientBase;

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    // With a name, Postgres parses and plans a statement once per connection.
    const name = hash('sha256', sql, 'base64url');
    const { rows, rowCount } = await this.#client.query({ name, text: sql, values: [...parameters] });
    return rowCount === null ? { rows } : { rows, numAffectedRows: BigInt(rowCount) };
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed here.');
  }
}
