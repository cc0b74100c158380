import type { Page } from 'playwright-core';
import { AGENT_CODE } from '../../support/real-mode.ts';

/** Milliseconds that a page may take to show something: a time-out, not a measure. */
const PATIENCE = { timeout: 20_000 };

/** A person at the developer console, who finds things by their accessible names. */
export class DeveloperAtConsole {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get list() {
    return this.page.getByRole('listbox');
  }

  /** The rows of the list that are on the page. */
  get lines() {
    return this.list.getByRole('option');
  }

  /** The steps of the open call. */
  get rungs() {
    return this.page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
  }

  /** Waits until the feed is in a state. */
  async sees(state: 'Live' | 'Paused' | 'Reconnecting'): Promise<void> {
    await this.page.getByRole('status').filter({ hasText: state }).waitFor(PATIENCE);
  }

  async signsIn(): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill('Alice');
    await this.page.getByLabel('Access code').fill(AGENT_CODE);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.sees('Live');
  }

  /** Opens a call, and waits for its number of steps. */
  async opens(id: string, steps: number): Promise<void> {
    await this.page.locator(`[data-call="${id}"]`).click(PATIENCE);
    await this.rungs.nth(steps - 1).waitFor(PATIENCE);
  }

  /** The text of the list and of the open call. */
  async reads(): Promise<{ lines: string[]; rungs: string[] }> {
    const [lines, rungs] = await Promise.all([this.lines.allInnerTexts(), this.rungs.allInnerTexts()]);
    return { lines, rungs };
  }
}
