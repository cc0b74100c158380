import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Columns } from '../../store/engine.ts';
import { upsertRows } from '../../store/rows.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import type { DeskRulesRow } from './tables.ts';

/** Milliseconds between two looks at the rules of the other servers. */
const LOOK_MS = 10_000;
/** Milliseconds after which a server that was not heard of counts as gone. */
const GONE_MS = 30_000;

interface CompareOptions {
  store: Store;
  clock: Clock;
  /** Of the rules by which this server works. */
  fingerprint: () => string;
  note: (line: string) => void;
  warning: (line: string) => void;
}

/** Says when servers that share a store work by different rules, for example because one has an old desk file. */
export function compareRules({ store, clock, fingerprint, note, warning }: CompareOptions): {
  close(): Promise<void>;
} {
  const server = randomUUID();
  /** Which rules differed at the last look. */
  let differed: string | undefined;
  let warned = false;
  let closed = false;
  let cancel = () => {};
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const own = fingerprint();
    const others = await store.write((transaction) => {
      const row = { server, fingerprint: own, seen_at: Math.round(clock.now()) };
      return exchange(store, transaction, row);
    });
    const other = others.find((each) => each !== own);
    const difference = other === undefined ? undefined : `${own} ${other}`;
    // Servers take up a change at different times, so a difference counts when the same one lasts.
    if (difference !== undefined && difference === differed && !warned) {
      warned = true;
      warning(
        `Another server of this store works by other desk rules: here ${own}, there ${other}. Give all servers the same desk file, AGENTS, WAIT_MESSAGE and VOICE_LANGUAGE.`,
      );
    }
    if (other === undefined && warned) {
      warned = false;
      note('All servers of this store work by the same desk rules again.');
    }
    differed = difference;
  }

  function again(): void {
    if (closed) return;
    looking = clock
      .during(look())
      .catch(() => {
        // The store logs its own failure.
      })
      .finally(() => {
        if (!closed) cancel = clock.after(LOOK_MS, again);
      });
  }
  again();

  return {
    async close() {
      closed = true;
      cancel();
      await looking;
      await store
        .write((transaction) => transaction.deleteFrom('desk_rules').where('server', '=', server).execute())
        .catch(() => {});
    },
  };
}

const COLUMNS: Columns<DeskRulesRow> = { server: 'text', fingerprint: 'text', seen_at: 'integer' };

/** Leaves word of this server's rules, and returns those of all servers that are there. */
async function exchange(
  { engine }: Store,
  transaction: StoreTransaction,
  row: DeskRulesRow,
): Promise<string[]> {
  await transaction
    .deleteFrom('desk_rules')
    .where('seen_at', '<', row.seen_at - GONE_MS)
    .execute();
  await upsertRows(engine, transaction, 'desk_rules', 'server', [row], COLUMNS);
  const rows = await transaction.selectFrom('desk_rules').select('fingerprint').orderBy('server').execute();
  return rows.map(({ fingerprint }) => fingerprint);
}
