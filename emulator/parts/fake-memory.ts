import type { Memory } from './remember.ts';

export function fakeMemory(text?: string): Memory & { text: string | undefined } {
  const memory = {
    text,
    read: () => memory.text,
    write(written: string) {
      memory.text = written;
    },
  };
  return memory;
}
