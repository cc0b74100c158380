import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { createPlatform, type Platform } from '../../../emulator/platform.ts';
import { type Application, type Ncco, startApplication } from '../../integration/support/application.ts';
import { type PageOptions, startBrowser, type TestBrowser, type TestPage } from './browser.ts';
import { CallerAtPhone } from './people.ts';
import { SdkPage, type SdkServer, serveSdk } from './sdk-page.ts';

/** Tones of the microphones of Anna's and Ben's phones, Hz. */
export const TONES = { anna: 1000, ben: 700 };
export type Owner = keyof typeof TONES;

/** Phone pages of two people, each in their own browser, and an application between them. */
export interface PhoneScene {
  readonly platform: Platform;
  readonly application: Application;
  /** Opens a phone page. */
  phone(owner: Owner, options?: PageOptions): Promise<CallerAtPhone>;
  /** Opens a page with the real Client SDK for a user of the application, in somebody's browser. */
  user(name: string, owner: Owner, options?: Record<string, unknown>): Promise<SdkPage>;
}

/** Prepares a test file: each test has new pages and an application that answers with the NCCO. */
export function setPhoneScene(ncco: Ncco): PhoneScene {
  let parts:
    | { platform: Platform; application: Application; sdk: SdkServer; browsers: Record<Owner, TestBrowser> }
    | undefined;
  const pages: TestPage[] = [];
  const ready = () => {
    if (!parts) throw new Error('The scene is not set yet.');
    return parts;
  };

  beforeAll(async () => {
    const application = await startApplication(ncco);
    const { answerUrl, eventUrl } = application;
    const [platform, sdk, anna, ben] = await Promise.all([
      // Its people call at the same time.
      createPlatform({ answerUrl, eventUrl, limits: false }),
      serveSdk(),
      startBrowser({ microphone: TONES.anna }),
      startBrowser({ microphone: TONES.ben }),
    ]);
    parts = { platform, application, sdk, browsers: { anna, ben } };
  });
  beforeEach(() => {
    ready().application.events.length = 0;
    return async () => {
      const complaints = pages.flatMap((page) => page.complaints);
      for (const { context } of pages.splice(0)) await context.close();
      expect(complaints, 'console errors of the pages').toEqual([]);
    };
  });
  afterAll(async () => {
    await parts?.browsers.anna[Symbol.asyncDispose]();
    await parts?.browsers.ben[Symbol.asyncDispose]();
    await parts?.sdk[Symbol.asyncDispose]();
    await parts?.platform.close();
    await parts?.application[Symbol.asyncDispose]();
  });

  return {
    get platform() {
      return ready().platform;
    },
    get application() {
      return ready().application;
    },
    async phone(owner, options) {
      const opened = await ready().browsers[owner].open(`${ready().platform.url}/`, options);
      pages.push(opened);
      return new CallerAtPhone(opened.page);
    },
    async user(name, owner, options) {
      const { browsers, sdk, platform } = ready();
      const user = await SdkPage.open(browsers[owner], sdk, platform, name, options);
      pages.push(user.opened);
      return user;
    },
  };
}
