import type { Page } from 'playwright-core';

/** Milliseconds that a page may take to show something: a time-out, not a measure. */
const PATIENCE = 20_000;

/** A person at a page, who finds things by their accessible names and clicks them. */
class Person {
  readonly page: Page;
  readonly #status: string;

  constructor(page: Page, status: string) {
    this.page = page;
    this.#status = status;
  }

  async status(): Promise<string> {
    return (await this.#words().textContent()) ?? '';
  }

  #words() {
    return this.page.getByRole('status', { name: this.#status, exact: true });
  }

  /** Waits for this status text. */
  async sees(words: string | RegExp): Promise<void> {
    const hasText = typeof words === 'string' ? new RegExp(`^${RegExp.escape(words)}$`) : words;
    try {
      await this.#words().filter({ hasText }).waitFor({ timeout: PATIENCE });
    } catch {
      throw new Error(`${this.#status} was to become ${words}, but is: ${await this.status()}`);
    }
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async click(name: string): Promise<void> {
    await this.button(name).click({ timeout: PATIENCE });
  }
}

export class AgentAtPage extends Person {
  constructor(page: Page) {
    super(page, 'Call status');
  }

  /** Answers the ringing call, and waits until it is connected. */
  async answers(): Promise<void> {
    await this.sees(/^Incoming call from/);
    await this.click('Answer');
    await this.sees(/^In call with/);
  }

  /** Answers a call whose caller is on hold, because another agent asks for help. */
  async answersColleague(name: string): Promise<void> {
    await this.sees(/^Incoming call from/);
    await this.click('Answer');
    await this.sees(`In call with ${name}`);
  }

  /** Waits until the line is open, whatever the status says about the last call. */
  async hasLine(): Promise<void> {
    await this.page.getByText('Line: Open', { exact: true }).waitFor({ timeout: PATIENCE });
  }

  /** The SDK waits 1.25 to 5 s before it reconnects, as chance has it: from now on it waits 2 s at most. */
  async reconnectsSoon(): Promise<void> {
    await this.page.evaluate(() => {
      const { random } = Math;
      Math.random = () => 0.8 + random() / 10;
    });
  }
}

export class CallerAtPhone extends Person {
  constructor(page: Page) {
    super(page, 'Phone status');
  }

  /** Gives the phone another number than the suggested one. */
  async ownsNumber(number: string): Promise<void> {
    await this.sees('Ready to call');
    const box = this.page.getByRole('textbox', { name: 'Your number' });
    await box.fill(number);
    await box.blur();
    await this.ringsHereFor(number);
  }

  async ringsHereFor(number: string): Promise<void> {
    await this.page.getByText(`Ringing here for calls to ${number}`, { exact: true }).waitFor();
  }

  /** Dials the suggested number; resolves with the time in milliseconds since 1970. */
  async dials(number?: string): Promise<number> {
    await this.sees('Ready to call');
    if (number !== undefined) await this.page.getByRole('textbox', { name: 'Number to dial' }).fill(number);
    const at = Date.now();
    await this.click('Call');
    return at;
  }
}
