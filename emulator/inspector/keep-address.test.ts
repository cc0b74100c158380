import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from './filter.ts';
import { keepAddress, wasReading } from './keep-address.ts';

/** A history of its own, that goes back when the test says so. */
function fakeBrowsing() {
  const entries: { state: unknown; address: string }[] = [{ state: null, address: 'before' }];
  const listeners: (() => void)[] = [];
  let at = 0;
  let waiting = 0;
  const go = (by: number) => {
    at += by;
    for (const listener of listeners) listener();
  };
  return {
    history: {
      get state() {
        return entries[at]?.state ?? null;
      },
      pushState(state: unknown) {
        entries.splice(at + 1, entries.length, { state, address: entries[at]?.address ?? '' });
        at += 1;
      },
      replaceState(state: unknown, _: string, address?: string | URL | null) {
        entries[at] = { state, address: String(address) };
      },
      back() {
        waiting += 1;
      },
    },
    addEventListener: (_: 'popstate', listener: () => void) => void listeners.push(listener),
    /** The browser does what it was told to. */
    goesBack() {
      for (; waiting > 0; waiting -= 1) go(-1);
    },
    go,
    /** Somebody changes what is in the address. */
    enter(hash: string) {
      entries.splice(at + 1, entries.length, { state: null, address: hash });
      go(1);
    },
    get location() {
      return { search: '', hash: entries[at]?.address ?? '' };
    },
    get addresses() {
      return entries.slice(0, at + 1).map(({ address }) => address);
    },
  };
}

function begin({ isNarrow = true } = {}) {
  const browsing = fakeBrowsing();
  const page = { filter: signal(EVERYTHING), activeId: signal<number | null>(null) };
  const isReading = signal(false);
  keepAddress(page, isReading, browsing, () => isNarrow);
  return { browsing, isReading, ...page };
}

describe('the address', () => {
  it('matches what is shown', () => {
    const { browsing, activeId, filter } = begin();
    activeId.value = 12;
    filter.value = { ...EVERYTHING, call: 'CON-1' };
    expect(browsing.addresses).toEqual(['./?call=CON-1#12']);
  });

  it('has a way back from a request to the list', () => {
    const { browsing, isReading, activeId } = begin();
    activeId.value = 12;
    isReading.value = true;
    expect(browsing.addresses).toHaveLength(2);
    browsing.go(-1);
    expect(isReading.value).toBe(false);
    browsing.go(1);
    expect(isReading.value).toBe(true);
  });

  it('goes back when the page goes back, and then matches the selection', () => {
    const { browsing, isReading, activeId } = begin();
    isReading.value = true;
    activeId.value = 13;
    isReading.value = false;
    browsing.goesBack();
    expect(browsing.addresses).toEqual(['./#13']);
    expect(isReading.value).toBe(false);
  });

  it('is not lost if a request is opened before the browser has gone back', () => {
    const { browsing, isReading } = begin();
    isReading.value = true;
    isReading.value = false;
    isReading.value = true;
    browsing.goesBack();
    expect(isReading.value).toBe(true);
    expect(wasReading(browsing.history)).toBe(true);
    browsing.go(-1);
    expect(isReading.value).toBe(false);
  });

  it('entered by hand opens its request, with a way back', () => {
    const { browsing, isReading, activeId } = begin();
    activeId.value = 12;
    isReading.value = true;
    browsing.enter('#13');
    expect(activeId.value).toBe(13);
    expect(isReading.value).toBe(true);
    browsing.go(-1);
    expect(isReading.value).toBe(false);
    browsing.enter('#');
    expect(activeId.value).toBeNull();
    expect(isReading.value).toBe(false);
  });

  it('needs no way back if list and request are both visible', () => {
    const { browsing, isReading } = begin({ isNarrow: false });
    isReading.value = true;
    isReading.value = false;
    expect(browsing.addresses).toHaveLength(1);
  });
});
