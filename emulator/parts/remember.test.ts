import { expect, it } from 'vitest';
import { remember } from './remember.ts';

it('finds what was written under its key', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
  const memory = remember(() => storage, 'theme');
  expect(memory.read()).toBeUndefined();
  memory.write('dark');
  expect(memory.read()).toBe('dark');
  expect([...kept.keys()]).toEqual(['theme']);
});

it('forgets where the browser forbids storage', () => {
  const memory = remember(() => {
    throw new Error('Access is denied for this document');
  }, 'theme');
  memory.write('dark');
  expect(memory.read()).toBeUndefined();
});
