import { expect, it } from 'vitest';
import { safeStorage } from './safe-storage.ts';

it('forgets, and does not throw, if the browser forbids storage', () => {
  const storage = safeStorage(() => {
    throw new Error('Access is denied for this document');
  });
  storage.setItem('theme', 'dark');
  expect(storage.getItem('theme')).toBeNull();
  storage.removeItem('theme');
});
