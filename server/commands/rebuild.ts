import { rebuildCalls } from '../calls/rebuild.ts';
import { loadConfig } from '../config/load-config.ts';
import { rebuildHistory } from '../history/project.ts';
import { openStore } from '../store/store.ts';
import { tables } from '../tables.ts';

/** `npm run rebuild`: rebuilds all calls, and the history, from the log of the configured store. */

const settings = loadConfig();
if (settings.ok) {
  const { dataDir, databaseUrl } = settings.config;
  await rebuild({ dataDir, databaseUrl }).catch((error: unknown) =>
    fail(error instanceof Error ? error.message : String(error)),
  );
} else {
  fail(`These settings are wrong:${settings.faults.map((fault) => `\n  - ${fault}`).join('')}`);
}

async function rebuild(place: { dataDir: string; databaseUrl: string | undefined }): Promise<void> {
  const store = await openStore({ ...place, tables, log: (line) => console.error(line) });
  let toldAt = performance.now();
  try {
    const calls = await rebuildCalls(store, (done) => {
      if (performance.now() - toldAt < 1_000) return;
      toldAt = performance.now();
      console.log(`${done} calls …`);
    });
    await rebuildHistory(store);
    console.log(`Rebuilt all ${calls} calls from their entries.`);
  } finally {
    await store.close();
  }
}

function fail(words: string): void {
  console.error(`Rebuilding the calls failed. ${words}`);
  process.exitCode = 1;
}
