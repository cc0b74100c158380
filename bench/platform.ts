import { parseArgs } from 'node:util';
import { measureAudio } from './platform/audio.ts';
import { measureCalls } from './platform/calls.ts';
import type { Figures } from './platform/figures.ts';
import { createFigures } from './platform/figures.ts';
import { measureMemory } from './platform/memory.ts';

/**
 * Load on the emulated platform: 500 calls at once without sound, 20 with sound, 10,000 in a row. Exits with 1 when an
 * event was lost, doubled or out of order, or a call left memory behind. Names of parts limit it to these.
 */
const PARTS: Record<string, (figures: Figures) => Promise<void>> = {
  calls: measureCalls,
  audio: measureAudio,
  memory: measureMemory,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}"; there are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const figures = createFigures();
for (const [name, measure] of Object.entries(PARTS)) {
  if (positionals.length === 0 || positionals.includes(name)) await measure(figures);
}
process.exitCode = figures.failed ? 1 : 0;
