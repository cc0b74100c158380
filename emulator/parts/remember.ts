/** One text that outlives the page. */
export interface Memory {
  read(): string | undefined;
  write(text: string): void;
}

/** Keeps a text in a browser's storage. A browser that forbids storage forgets it, and that is all. */
export function remember(storage: () => Pick<Storage, 'getItem' | 'setItem'>, key: string): Memory {
  return {
    read() {
      try {
        return storage().getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(text) {
      try {
        storage().setItem(key, text);
      } catch {
        // Nothing depends on it.
      }
    },
  };
}
