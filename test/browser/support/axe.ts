import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Runs axe through the driver, which the page's Content-Security-Policy does not restrict. */
export async function axeFindsNothing(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    });
    expect(found, page.url()).toEqual([]);
  }
}

/** Runs axe in light and in dark colours, without motion. */
export async function axeFindsNothingInAnyLight(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await axeFindsNothing(page);
    }
  }
}

declare global {
  interface Window {
    axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
  }
}
