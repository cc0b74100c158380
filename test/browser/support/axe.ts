import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Runs axe through the driver, which the page's Content-Security-Policy does not restrict. */
export function axeFindsNothing(...pages: Page[]): Promise<void> {
  return axeWith({}, pages);
}

async function axeWith(options: AxeOptions, pages: readonly Page[]): Promise<void> {
  for (const page of pages) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
    const found = await page.evaluate(async (given) => {
      const { violations } = await window.axe.run(given);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    }, options);
    expect(found, page.url()).toEqual([]);
  }
}

/** Runs axe in light, dark and forced colours, without motion. */
export async function axeFindsNothingInAnyColours(...pages: Page[]): Promise<void> {
  await axeFindsNothingInAnyLight(...pages);
  for (const page of pages) {
    await page.emulateMedia({ forcedColors: 'active' });
    // The colours are the reader's own, and axe does not know them.
    await axeWith({ rules: { 'color-contrast': { enabled: false } } }, [page]);
    await page.emulateMedia({ forcedColors: 'none' });
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

interface AxeOptions {
  rules?: Record<string, { enabled: boolean }>;
}

declare global {
  interface Window {
    axe: { run(options: AxeOptions): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
  }
}
