import { effect, type Signal, signal } from '@preact/signals';

/** One of a few values, remembered under `key`. `options` holds the values that there are. */
export function createChoice<Value extends string>(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  key: string,
  options: Record<Value, unknown>,
  fallback: Value,
): Signal<Value> {
  const isOption = (value: string | null): value is Value => value !== null && Object.hasOwn(options, value);
  const stored = storage.getItem(key);
  const choice = signal<Value>(isOption(stored) ? stored : fallback);
  let first = true;
  effect(() => {
    const { value } = choice;
    // What was only guessed is not written down: the guess may be better next time.
    if (!first) {
      storage.setItem(key, value);
    }
    first = false;
  });
  return choice;
}
