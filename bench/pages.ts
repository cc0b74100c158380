import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { chromiumPath } from '../test/browser/support/browser.ts';
import { startStack } from '../test/browser/support/stack.ts';

/**
 * Lighthouse's scores of the built pages as the server serves them, on a slow phone (slow 4G, processor 4 times slower)
 * and on a desktop, with what it found. Lighthouse is fetched with npx: it is too large for everybody to install.
 */
const LIGHTHOUSE = 'lighthouse@13.5.0';
const PAGES = { 'agent page': '', console: 'console.html', wall: 'wall.html' };
const BARS = { performance: 90, accessibility: 100 };

const report = z.object({
  categories: z.record(
    z.string(),
    z.object({
      score: z.number().nullable(),
      auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })),
    }),
  ),
  audits: z.record(
    z.string(),
    z.object({
      title: z.string(),
      score: z.number().nullable(),
      displayValue: z.string().optional(),
    }),
  ),
});

await using stack = await startStack({ environment: { AGENTS: 'Alice,Bob' }, desk: (rules) => rules });
let isMissed = false;
for (const [name, path] of Object.entries(PAGES)) {
  for (const device of ['phone', 'desktop'] as const) {
    const { categories, audits } = await scoresOf(`${stack.agentUrl}${path}`, device);
    const scores = Object.entries(BARS).map(([category, bar]) => {
      const score = Math.round(100 * (categories[category]?.score ?? 0));
      isMissed ||= score < bar;
      return `${category} ${String(score).padStart(3)} ≥ ${bar}: ${score >= bar ? 'met' : 'MISSED'}`;
    });
    console.log(`${name.padEnd(12)}${device.padEnd(10)}${scores.join('   ')}`);
    const weighed = Object.keys(BARS).flatMap((each) => categories[each]?.auditRefs ?? []);
    for (const { id, weight } of weighed) {
      const audit = audits[id];
      if (weight === 0 || audit === undefined || audit.score === null || audit.score >= 0.9) continue;
      console.log(`    ${audit.title}${audit.displayValue === undefined ? '' : `: ${audit.displayValue}`}`);
    }
  }
}
process.exitCode = isMissed ? 1 : 0;

async function scoresOf(url: string, device: 'phone' | 'desktop'): Promise<z.infer<typeof report>> {
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      ...['--yes', LIGHTHOUSE, url, '--quiet', '--output=json', '--no-enable-error-reporting'],
      `--only-categories=${Object.keys(BARS).join(',')}`,
      '--chrome-flags=--headless --no-sandbox --disable-gpu',
      ...(device === 'desktop' ? ['--preset=desktop'] : []),
    ],
    { env: { ...process.env, CHROME_PATH: chromiumPath() }, maxBuffer: 50_000_000 },
  );
  return report.parse(JSON.parse(stdout));
}
