import { restoreBackup } from '../backup/restore.ts';
import { loadConfig } from '../config/load-config.ts';
import { tables } from '../tables.ts';

/** `npm run restore -- FILE`: writes a backup into the configured store, which must be empty. */

const [path, ...others] = process.argv.slice(2);
const settings = loadConfig();
if (path === undefined || path.startsWith('-') || others.length > 0) {
  console.error('Usage: npm run restore -- FILE');
  process.exitCode = 2;
} else if (settings.ok) {
  const { dataDir, databaseUrl } = settings.config;
  await restore(path, { dataDir, databaseUrl }).catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
} else {
  fail(`These settings are wrong:${settings.faults.map((fault) => `\n  - ${fault}`).join('')}`);
}

async function restore(file: string, place: Parameters<typeof restoreBackup>[0]): Promise<void> {
  const { rows, files, madeAt } = await restoreBackup(place, file, tables);
  const shown = (count: number) => count.toLocaleString('en');
  console.log(
    `Restored ${shown(rows)} rows and ${shown(files)} ${files === 1 ? 'file' : 'files'}, as they were at ${madeAt}.`,
  );
}

function fail(words: string): void {
  console.error(`Nothing was restored. ${words}`);
  process.exitCode = 1;
}
