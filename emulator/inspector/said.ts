import { type ReadonlySignal, signal } from '@preact/signals';

const SAID_FOR_MS = 6000;

/** What was done last: it stays to be read for a while. */
export function createSaid(after: (ms: number, run: () => void) => () => void): {
  said: ReadonlySignal<string>;
  say: (words: string) => void;
} {
  const said = signal('');
  let cancel = () => {};
  return {
    said,
    say(words) {
      cancel();
      said.value = words;
      cancel = after(SAID_FOR_MS, () => {
        said.value = '';
      });
    },
  };
}
