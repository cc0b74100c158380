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
  /** Whether audio may start without a click, unlike in a new browser. Default true. */
  autoplay?: boolean;
}

/** Chromium with its own fake microphone and no network beyond this machine. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens a page in its own profile. */
  open(url: string, options?: PageOptions): Promise<TestPage>;
  /** Kills its process: no page can say goodbye. */
  kill(): Promise<void>;
  browser: Browser;
}

export interface PageOptions {
  /** Default: granted. */
  microphone?: 'granted' | 'denied';
  /** Opens another tab in the profile of an open page. */
  beside?: TestPage;
  locale?: string;
  /** Whether the page may read the clipboard, too. Default false. */
  readsClipboard?: boolean;
  /** Changes the browser for the page, before it is opened. */
  prepare?: (page: Page) => Promise<unknown>;
}

/** A page and its errors. */
export interface TestPage {
  page: Page;
  context: BrowserContext;
  /** The console errors and uncaught exceptions that the test did not expect, as text. */
  readonly complaints: string[];
  /** Expects console errors like this, from now on and until now: they may be reported late. */
  expects(complaint: RegExp): void;
}

export async function startBrowser(options: BrowserOptions): Promise<TestBrowser> {
  const microphone = microphoneFile(options.microphone, options.pulses);
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    // Ctrl-C ends the tests, which end the browser.
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
      // A machine without a network has no other address for audio.
      '--allow-loopback-in-peer-connection',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
      ...(options.autoplay === false ? [] : ['--autoplay-policy=no-user-gesture-required']),
    ],
  });
  return {
    browser,
    async open(
      url,
      { microphone: permission = 'granted', beside, locale = 'en-GB', readsClipboard = false, prepare } = {},
    ) {
      const context = beside?.context ?? (await browser.newContext({ locale }));
      if (!beside && permission === 'granted') {
        // Permissions not listed here are denied; copying needs no prompt.
        const more = readsClipboard ? ['clipboard-read'] : [];
        await context.grantPermissions(['microphone', 'clipboard-write', ...more], {
          origin: new URL(url).origin,
        });
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
      await prepare?.(page);
      await page.goto(url);
      const expected: RegExp[] = [];
      return {
        page,
        context,
        get complaints() {
          return complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
        },
        expects: (complaint) => void expected.push(complaint),
      };
    },
    async kill() {
      const protocol = await browser.newBrowserCDPSession();
      const { processInfo } = await protocol.send('SystemInfo.getProcessInfo');
      const own = processInfo.find(({ type }) => type === 'browser');
      if (own === undefined) throw new Error('The browser names no process of its own.');
      const gone = new Promise((resolve) => browser.once('disconnected', resolve));
      process.kill(own.id, 'SIGKILL');
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      microphone.dispose();
    },
  };
}

export function chromiumPath(): string {
  const found = findChromium();
  if (found === undefined) throw new Error('No Chromium was found; npm test installs one.');
  return found;
}

/** Reports violations of the page's security policy, which only the page can see. Runs in the page. */
function complainOfViolations(): void {
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) =>
    console.error(`The security policy of this page has no ${effectiveDirective} for ${blockedURI}.`),
  );
}

/** Rejects microphone access in the page, because the browser cannot block fake devices. Runs in the page. */
function refuseMicrophone(): void {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
}
