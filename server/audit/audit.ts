import type { Audited, AuditPage, AuditView } from '../../domain/api/audit-api.ts';
import { escapeFormula, quoted } from '../../domain/contacts/csv.ts';
import { type Repeated, repeat } from '../calls/repeat.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import type { AuditRow } from './tables.ts';

/** Who does something, and from where. */
export interface Actor {
  /** An account; null: the server itself, or somebody who is not known. */
  who: string | null;
  /** An address, or the program that does it. */
  from: string | null;
}

/** Something to be recorded. */
export interface AuditFact extends Actor {
  what: Audited;
  of?: string | null | undefined;
  details?: string | null | undefined;
}

/** Records something in the transaction in which it happens. @param at milliseconds since 1970 */
export async function audit(
  transaction: StoreTransaction,
  { who, what, of = null, from, details = null }: AuditFact,
  at: number,
): Promise<void> {
  const newest = await transaction
    .selectFrom('audit')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  await transaction
    .insertInto('audit')
    .values({
      id: Number(newest?.id ?? 0) + 1,
      at: Math.round(at),
      who,
      what,
      subject: of,
      source: from,
      details,
    })
    .execute();
}

interface AuditQuery {
  /** Only entries before this one. */
  before?: number | undefined;
  what?: Audited | undefined;
  limit: number;
}

/** The audit trail. Nothing here changes or deletes an entry; only age does. */
export interface Audit {
  /** Records what has no transaction of its own. */
  note(fact: AuditFact): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<AuditPage>;
  /** All of it as a CSV file, newest first. */
  exported(): AsyncGenerator<string>;
}

const COLUMNS = ['time', 'who', 'what', 'of', 'from', 'details'] as const;

/** Entries read at once by an export. */
const AT_ONCE = 500;

/** So that spreadsheets take the file for UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** @param now milliseconds since 1970 */
export function createAudit(store: Store, now: () => number): Audit {
  async function list({ before, what, limit }: AuditQuery): Promise<AuditPage> {
    const rows = await store.read((db) => {
      let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      if (what !== undefined) query = query.where('what', '=', what);
      return query.execute();
    });
    const entries = rows.map(viewOf);
    return { entries, next: entries.length < limit ? null : (entries.at(-1)?.id ?? null) };
  }

  return {
    note: (fact) => store.write((transaction) => audit(transaction, fact, now())),
    list,
    async *exported() {
      yield `${BYTE_ORDER_MARK}${COLUMNS.join(',')}\r\n`;
      for (let before: number | undefined, isMore = true; isMore; ) {
        const { entries, next }: AuditPage = await list({ before, limit: AT_ONCE });
        if (entries.length > 0) yield entries.map(lineOf).join('');
        isMore = next !== null;
        before = next ?? undefined;
      }
    },
  };
}

function lineOf({ at, who, what, of, from, details }: AuditView): string {
  const cells = [new Date(at).toISOString(), who, what, of, from, details];
  return `${cells.map((cell) => quoted(escapeFormula(cell ?? ''))).join(',')}\r\n`;
}

function viewOf({ subject, source, ...row }: AuditRow): AuditView {
  return { ...row, of: subject, from: source };
}

const DAY_MS = 86_400_000;

/** Milliseconds until the first run, and between two runs. */
const TIMES = { firstMs: 60_000, everyMs: 3_600_000 };

interface AuditRetentionOptions {
  store: Store;
  /** Age in days at which entries are deleted. */
  days: number;
  now: () => number;
  log: (line: string) => void;
}

/** Deletes old entries, soon after the start and then every hour, until it is closed. */
export function startAuditRetention({ store, days, now, log }: AuditRetentionOptions): Repeated {
  return repeat(
    () => deleteAuditBefore(store, now() - days * DAY_MS),
    TIMES,
    (error) => {
      // The store logs its own failure.
      if (!(error instanceof StoreUnavailable)) log(`Deleting old audit entries failed: ${String(error)}.`);
    },
  );
}

/** Deletes the entries from before a time, milliseconds since 1970. */
export async function deleteAuditBefore(store: Store, time: number): Promise<void> {
  await store.write((transaction) => transaction.deleteFrom('audit').where('at', '<', time).execute());
}
