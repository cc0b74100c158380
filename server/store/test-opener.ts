import { openStore } from './store.ts';

/** A program that opens a store and closes it: one of many that start at once in a test. */
const [dataDir = '', databaseUrl] = process.argv.slice(2);
const store = await openStore({ dataDir, databaseUrl, log: (line) => console.error(line) });
await store.check();
await store.close();
