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

/**
 * Runs transactions on a pool. Kysely's own send a statement only after the reply to the one before; these send what
 * `together` groups at once, with the lock in front.
 * @param db any Kysely of this dialect.
 * @param lock statement that takes the lock.
 */
export function createPipelines(pool: PipelinedPool, dialect: Dialect, db: Kysely<Schema>, lock: string) {
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
      // If the lock fails, Postgres rejects every statement behind it.
      const [, output] = await together([client.query(`begin; ${lock}`), work(transactionOn(client))]);
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
