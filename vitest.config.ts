import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that listen to speech and keys, which a gap in the audio would fail. */
const WITH_SOUND =
  'test/browser/{app-calls,desk-control,firefox,outbound-sound,phone-to-phone,whole-way}.test.ts';
/** This one judges how much of a spoken text is heard. */
const SOUND_ALONE = 'test/browser/desk-sound.test.ts';

/** Many tests wait for timers, disks, browsers and other processes: more at a time than there are cores. */
const WORKERS = Math.ceil(availableParallelism() * 2);

/** A machine that does much at once takes its time: what comes is waited for, what does not ends the test. */
const PATIENT = { poll: { timeout: 15_000, interval: 20 } };

/** Holds each response of the API against its description. */
const CHECKS = ['test/support/check-responses.ts'];

const SOUND = {
  setupFiles: CHECKS,
  maxWorkers: availableParallelism(),
  isolate: false,
  expect: PATIENT,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    projects: [
      {
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
        test: {
          name: 'unit',
          setupFiles: CHECKS,
          sequence: { groupOrder: 1 },
          // They leave nothing behind in their process, and a new one for each of them takes a third of the time.
          isolate: false,
          testTimeout: 20_000,
          hookTimeout: 30_000,
          expect: PATIENT,
          include: [
            '{domain,server,ui,client,emulator,conformance,scripts,bench}/**/*.test.{ts,tsx}',
            'test/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'integration',
          setupFiles: CHECKS,
          isolate: false,
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: PATIENT,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // In them browsers mostly wait: for each other, for timers, for a line that comes back. Some listen, and a browser
        // that gets no time falls silent: hence fewer at a time than of the others.
        test: {
          name: 'pages',
          setupFiles: CHECKS,
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
          isolate: false,
          include: ['test/browser/**/*.test.ts'],
          exclude: [WITH_SOUND, SOUND_ALONE],
          expect: PATIENT,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // Real sound needs a core for itself, and nothing but sound beside it.
      { test: { name: 'sound', ...SOUND, include: [WITH_SOUND], sequence: { groupOrder: 3 } } },
      { test: { name: 'sound alone', ...SOUND, include: [SOUND_ALONE], sequence: { groupOrder: 4 } } },
    ],
  },
});
