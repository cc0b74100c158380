import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Audited } from '../../domain/api/audit-api.ts';
import type { Spelling } from '../store/engine.ts';
import { integerOf } from '../store/migrate.ts';

/** Days for which the database itself refuses to delete a row. */
export const FEWEST_DAYS = 30;

export function auditMigrations(name: Spelling['name']): Record<string, Migration> {
  return { '070-audit': { up: (db) => createAudit(db, name) } };
}

async function createAudit(db: Kysely<unknown>, name: Spelling['name']): Promise<void> {
  const integer = integerOf(name);
  await db.schema
    .createTable('audit')
    .addColumn('id', integer, (column) => column.primaryKey().notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('who', 'text')
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('source', 'text')
    .addColumn('details', 'text')
    .execute();
  await db.schema.createIndex('audit_by_time').on('audit').column('at').execute();
  for (const statement of name === 'postgres' ? POSTGRES : SQLITE) await sql.raw(statement).execute(db);
}

const REFUSAL = 'The audit trail cannot be changed';

/** The server's code has no way to change the trail; these refuse a mistake, and whoever uses SQL by hand. */
const SQLITE = [
  `create trigger audit_no_update before update on audit begin select raise(abort, '${REFUSAL}'); end`,
  `create trigger audit_no_delete before delete on audit
    when old.at > (unixepoch() - ${FEWEST_DAYS} * 86400) * 1000
    begin select raise(abort, '${REFUSAL}'); end`,
];

const POSTGRES = [
  `create function refuse_audit_change() returns trigger language plpgsql as
    $$ begin raise exception '${REFUSAL}'; end $$`,
  `create trigger audit_no_update before update on audit
    for each row execute function refuse_audit_change()`,
  `create trigger audit_no_delete before delete on audit for each row
    when (old.at > (extract(epoch from now()) - ${FEWEST_DAYS} * 86400) * 1000)
    execute function refuse_audit_change()`,
  `create trigger audit_no_truncate before truncate on audit
    for each statement execute function refuse_audit_change()`,
];

export interface AuditRow {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  who: string | null;
  what: Audited;
  subject: string | null;
  source: string | null;
  details: string | null;
}
