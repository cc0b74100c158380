import { assignLeftOver } from './calls/rebuild.ts';
import { logMigrations } from './log/migrations.ts';
import { peopleMigrations } from './people/migrations.ts';
import type { Tables } from './store/migrate.ts';

/** All tables of the server, room by room. */
export const tables: Tables = {
  migrations: (name) => ({ ...logMigrations(name), ...peopleMigrations(name) }),
  settle: assignLeftOver,
};
