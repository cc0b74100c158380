import { parseArgs } from 'node:util';
import { measureAudio } from './platform/audio.ts';
import { measureCalls } from './platform/calls.ts';
import type { Figures } from './platform/figures.ts';
import { createFigures } from './platform/figures.ts';
import { measureMemory } from './platform/memory.ts';

/**
 * Load on the emulated platform: 500 calls at once without audio, 20 with audio, 10,000 in a row. Exits with
 * 1 if an event was lost, duplicated or out of order, or if calls leak memory. Arguments select parts.
 */
const PARTS: Record<string, (figures: Figures) => Promise<void>> = {
  calls: measureCalls,
  audio: measureAudio,
  memory: measureMemory,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`Unknown part "${unknown}"; expected ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const figures = createFigures();
for (const [name, measure] of Object.entries(PARTS)) {
  if (positionals.length === 0 || positionals.includes(name)) await measure(figures);
}
process.exitCode = figures.failed ? 1 : 0;
