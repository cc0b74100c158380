import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { setScene } from './support/scene.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

test.each(['light', 'dark'] as const)(
  'axe finds nothing on either page in any state of a call (%s)',
  async (scheme) => {
    const agent = await scene.agent();
    await agent.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await agent.sees('Lines are open for calls');
    const caller = await scene.caller();
    await caller.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await caller.sees('Ready to call');
    await findsNothing(agent.page, caller.page);

    await caller.dials();
    await agent.sees(/^Incoming call from/);
    await findsNothing(agent.page, caller.page);

    await agent.answers();
    await caller.sees(/^In call with/);
    await agent.click('Keypad');
    await agent.click('Mute');
    await findsNothing(agent.page, caller.page);

    await caller.click('Hang up');
    await agent.sees('Call ended: caller hung up');
    await findsNothing(agent.page, caller.page);
  },
);

test('every state is on the page once, and its names are the agreed ones', async () => {
  const agent = await scene.agent();
  await agent.sees('Lines are open for calls');
  expect(await agent.page.getByRole('status').count()).toBe(1);
  expect(await agent.button('Answer').isDisabled()).toBe(true);
  for (const name of ['Reject', 'Hang up', 'Mute', 'Hold', 'Keypad', 'Transfer']) {
    expect(await agent.button(name).count(), name).toBe(0);
  }
  const caller = await scene.caller();
  for (const name of ['Your number', 'Number to dial']) {
    await caller.page.getByRole('textbox', { name, exact: true }).waitFor();
  }
  expect(await caller.page.getByRole('status').count()).toBe(1);
});

/** axe runs by the driver's own channel, which no Content-Security-Policy of the page hinders. */
async function findsNothing(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await axeSource());
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    });
    expect(found, page.url()).toEqual([]);
  }
}

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(AXE, 'utf8');
}

declare global {
  interface Window {
    axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
  }
}
