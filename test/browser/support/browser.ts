import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium.mjs';
import { giveEars } from './ears.ts';
import { microphoneFile, type Pulses } from './wav.ts';

export interface BrowserOptions {
  /** Tone of the microphone, Hz. */
  microphone: number;
  /** How its tone is pulsed. */
  pulses?: Pulses;
  /** Sound may start without a click, as it may not in a browser that was just opened. Default true. */
  autoplay?: boolean;
}

/** Chromium with its own fake microphone and no network beyond this machine. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page in a profile of its own. */
  open(url: string, options?: PageOptions): Promise<TestPage>;
  browser: Browser;
}

export interface PageOptions {
  /** Default: granted. */
  microphone?: 'granted' | 'denied';
  /** Another tab beside a page that is open, in its profile. */
  beside?: TestPage;
  locale?: string;
}

/** A page, and what it complained of. */
export interface TestPage {
  page: Page;
  context: BrowserContext;
  /** Console errors and uncaught exceptions, in words. */
  complaints: string[];
}

export async function startBrowser(options: BrowserOptions): Promise<TestBrowser> {
  const microphone = microphoneFile(options.microphone, options.pulses);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    // Ctrl-C ends the tests, and these end the browser.
    handleSIGINT: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone.path}`,
      // A machine without any network has no other address for sound to travel by.
      '--allow-loopback-in-peer-connection',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
      ...(options.autoplay === false ? [] : ['--autoplay-policy=no-user-gesture-required']),
    ],
  });
  return {
    browser,
    async open(url, { microphone: permission = 'granted', beside, locale = 'en-GB' } = {}) {
      const context = beside?.context ?? (await browser.newContext({ locale }));
      if (!beside && permission === 'granted') {
        // What is not named here is refused; people need not be asked before they copy.
        await context.grantPermissions(['microphone', 'clipboard-write'], { origin: new URL(url).origin });
      }
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.addInitScript(complainOfViolations);
      if (permission === 'denied') await page.addInitScript(refuseMicrophone);
      await giveEars(page);
      await page.goto(url);
      return { page, context, complaints };
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      microphone.dispose();
    },
  };
}

function chromiumPath(): string {
  const found = findChromium();
  if (found === undefined) throw new Error('No Chromium was found; npm test installs one.');
  return found;
}

/** What a page's security policy stops is told to the page alone. Runs in the page. */
function complainOfViolations(): void {
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
    console.error(`The security policy of this page has no ${effectiveDirective} for ${blockedURI}.`),
  );
}

/** The fake devices cannot be refused by the browser, so the page's own access refuses. Runs in the page. */
function refuseMicrophone(): void {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
}
