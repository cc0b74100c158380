import { makeBackup } from '../backup/backup.ts';
import { loadConfig } from '../config/load-config.ts';

/** `npm run backup -- FILE`: writes the configured store and its recordings to a file, while servers run. */

const [path, ...others] = process.argv.slice(2);
const settings = loadConfig();
if (path === undefined || path.startsWith('-') || others.length > 0) {
  console.error('Usage: npm run backup -- FILE');
  process.exitCode = 2;
} else if (settings.ok) {
  const { dataDir, databaseUrl } = settings.config;
  await backUp(path, { dataDir, databaseUrl }).catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
} else {
  fail(`These settings are wrong:${settings.faults.map((fault) => `\n  - ${fault}`).join('')}`);
}

async function backUp(file: string, place: Parameters<typeof makeBackup>[0]): Promise<void> {
  const { rows, files, bytes, missing } = await makeBackup(place, file, Date.now);
  const shown = (count: number) => count.toLocaleString('en');
  console.log(
    `Backed up ${shown(rows)} rows and ${shown(files)} ${files === 1 ? 'file' : 'files'} to ${file} (${shown(bytes)} bytes).`,
  );
  if (missing > 0)
    console.log(`Recordings that are neither in DATA_DIR nor in the backup: ${shown(missing)}.`);
}

function fail(words: string): void {
  console.error(`The backup failed. ${words}`);
  process.exitCode = 1;
}
