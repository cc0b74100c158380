import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInRules } from '../domain/desk/built-in.ts';
import { ENGLISH } from '../domain/desk/texts.ts';
import { systemClock } from '../server/clock.ts';
import { createDesk } from '../server/routing/desk/desk.ts';
import { openStore } from '../server/store/store.ts';
import { tables } from '../server/tables.ts';
import type { VonageApi } from '../server/vonage/vonage.ts';
import { startPostgres } from '../test/support/postgres.ts';

/**
 * How long it takes from "an agent becomes free" to the request that rings her for the head of the queue, with that
 * many agents, all but one busy or away, and that many callers who wait. The platform's limits are off.
 */
const SIZES = [10, 100, 1_000] as const;
const ROUNDS = 40;
const BAR_MS = 100;

interface Measured {
  p50: number;
  p95: number;
  max: number;
}

async function measure(size: number, databaseUrl: string | undefined): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-desk-'));
  const names = Array.from({ length: size }, (_, index) => `agent-${index}`);
  const store = await openStore({ databaseUrl, dataDir: folder, tables, log: console.error });
  const rules = { ...builtInRules(names, 'Please wait.', 'en'), unansweredLimit: 1e9 };
  const desk = createDesk({
    store,
    clock: systemClock,
    agents: () => names,
    rules: () => rules,
    craft: () => ({ base: 'http://127.0.0.1:9', language: undefined, texts: ENGLISH }),
    pace: { calls: 1e9, others: 1e9 },
    log: console.error,
  });
  let rung: ((agent: string) => void) | undefined;
  const done = { is: 'done', leg: null } as const;
  const vonage: VonageApi = {
    ensureUser: async () => {},
    userToken: () => '',
    callState: async () => undefined,
    async createCall({ to }) {
      if (to.type === 'app') rung?.(to.user);
      return done;
    },
    transferCall: async () => done,
    hangUpCall: async () => done,
    talk: async () => done,
    findCalls: async () => [],
    download: async () => undefined,
    isReachable: async () => true,
  };
  try {
    await desk.start(vonage);
    const away = { choice: 'away', reason: null } as const;
    const page = { tab: 'tab', line: 'up', sound: 'on', microphone: 'ready' } as const;
    const until = Date.now() + 3_600_000;
    await desk.tell(
      ...names.flatMap((agent) => [
        { kind: 'chose', agent, chosen: away, after: 'now' } as const,
        { kind: 'page seen', agent, page, until } as const,
      ]),
    );
    await desk.tell(
      ...names.map((_, index) => ({
        kind: 'call arrived' as const,
        leg: `caller-${index}`,
        from: `44770${String(index).padStart(7, '0')}`,
        to: '442038297050',
        regionUrl: null,
      })),
    );
    const times: number[] = [];
    for (let round = 0; round < Math.min(ROUNDS, size); round += 1) {
      const agent = names[round] ?? '';
      const { promise, resolve } = Promise.withResolvers<void>();
      rung = (name) => {
        if (name === agent) resolve();
      };
      const began = performance.now();
      const chosen = { choice: 'available', reason: null } as const;
      await Promise.all([desk.tell({ kind: 'chose', agent, chosen, after: 'now' }), promise]);
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), max: times.at(-1) ?? 0 };
  } finally {
    await desk.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const postgres = await startPostgres({ durable: true });
try {
  console.log(
    'an agent becomes free → she is rung, milliseconds'.padEnd(52),
    'p50    p95    max   bar (p95)',
  );
  for (const [engine, place] of [
    ['SQLite', async () => undefined],
    ['Postgres', () => postgres.createDatabase()],
  ] as const) {
    for (const size of SIZES) {
      const { p50, p95, max } = await measure(size, await place());
      const numbers = [p50, p95, max].map((each) => each.toFixed(0).padStart(6)).join(' ');
      const verdict = p95 <= BAR_MS ? 'met' : 'NOT MET';
      console.log(
        `${engine}, ${size} agents and ${size} callers who wait`.padEnd(50),
        numbers,
        `  ≤ ${BAR_MS}: ${verdict}`,
      );
    }
  }
} finally {
  await postgres.stop();
}
