import { signal } from '@preact/signals';
import { render } from 'preact';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { SingleKeys } from '../../../ui/list-keys.tsx';
import type { Theme } from '../../../ui/theme.ts';
import type { Entry } from '../../traffic/entry.ts';
import { after, fakePlatform } from '../fakes.ts';
import { createInspector, type Inspector } from '../inspector.ts';
import { createSaid } from '../said.ts';
import { en, type Strings } from '../strings/en.ts';
import { App } from './app.tsx';
import { Page } from './context.ts';

/** A whole page before a platform that has these entries. */
function openPage(entries: Entry[], strings: Strings) {
  const platform = fakePlatform(entries);
  const inspector = createInspector({
    api: platform.api,
    connect: platform.connect,
    after,
    beforePaint: (run) => after(0, run),
  });
  const { said, say } = createSaid(after);
  const copied: string[] = [];
  const page = document.body.appendChild(document.createElement('div'));
  const parts = {
    inspector,
    strings,
    locale: 'en-GB',
    theme: signal<Theme>('system'),
    singleKeys: signal<SingleKeys>('on'),
    said,
    say,
    copy(text: string, words = strings.request.copied) {
      copied.push(text);
      say(words);
    },
    isReading: signal(false),
  };
  render(
    <Page value={parts}>
      <App />
    </Page>,
    page,
  );
  platform.begin();
  return { platform, inspector, copied, page };
}

/** Sets the scene for one file of tests, and clears it after each. What is in it is there once it is shown. */
export function setScene() {
  let opened: ReturnType<typeof openPage> | undefined;
  const ready = () => {
    if (!opened) throw new Error('The page is not shown yet.');
    return opened;
  };

  beforeEach(() => {
    // happy-dom has neither, and nothing in it has a size.
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        disconnect() {}
      },
    );
    HTMLElement.prototype.checkVisibility ??= () => true;
  });
  afterEach(() => {
    if (!opened) return;
    render(null, opened.page);
    opened.page.remove();
    opened.inspector.close();
    opened = undefined;
    vi.unstubAllGlobals();
  });

  const find = (selector: string) => ready().page.querySelector<HTMLElement>(selector);
  const options = () => [...ready().page.querySelectorAll<HTMLElement>('[role="option"]')];
  const rowsAre = (count: number) => vi.waitFor(() => expect(options()).toHaveLength(count));

  function show(entries: Entry[], strings: Strings = en): void {
    opened = openPage(entries, strings);
  }

  function press(key: string): void {
    const focused = document.activeElement;
    const target = focused && ready().page.contains(focused) ? focused : document.body;
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }

  return {
    get platform() {
      return ready().platform;
    },
    get inspector(): Inspector {
      return ready().inspector;
    },
    get copied() {
      return ready().copied;
    },
    get page() {
      return ready().page;
    },
    show,
    find,
    options,
    rowsAre,
    press,
    textOf: (selector: string) => find(selector)?.textContent?.replace(/\s+/g, ' ').trim(),
    /** Id of the row that is chosen. */
    selected: () => options().find((option) => option.getAttribute('aria-selected') === 'true')?.dataset.id,
    button(name: string): HTMLButtonElement {
      const found = [...ready().page.querySelectorAll('button')].find(
        (each) => (each.getAttribute('aria-label') ?? each.textContent.trim()) === name,
      );
      if (!found) throw new Error(`There is no button ${name}`);
      return found;
    },
    /** Shows a request, opened. */
    async open(entry: Entry): Promise<void> {
      show([entry]);
      await rowsAre(1);
      press('j');
      await vi.waitFor(() => expect(find('.whole')).not.toBeNull());
    },
  };
}
