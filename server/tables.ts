import { auditMigrations } from './audit/tables.ts';
import { outcomeMigrations } from './calls/outcomes.ts';
import { assignLeftOver } from './calls/rebuild.ts';
import { contactMigrations } from './contacts/tables.ts';
import { historyMigrations } from './history/tables.ts';
import { hookMigrations } from './hooks/tables.ts';
import { logMigrations } from './log/migrations.ts';
import { peopleMigrations } from './people/migrations.ts';
import { deskMigrations } from './routing/desk/tables.ts';
import type { Tables } from './store/migrate.ts';
import { voicemailMigrations } from './voicemail/tables.ts';

/** The tables of all parts of the server. */
export const tables: Tables = {
  migrations: (name) => ({
    ...logMigrations(name),
    ...peopleMigrations(name),
    ...deskMigrations(name),
    ...voicemailMigrations(name),
    ...contactMigrations(name),
    ...historyMigrations(name),
    ...outcomeMigrations(name),
    ...hookMigrations(name),
    ...auditMigrations(name),
  }),
  settle: assignLeftOver,
};
