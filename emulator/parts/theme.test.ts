// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { fakeMemory } from './fake-memory.ts';
import { createTheme, readTheme } from './theme.ts';

it('shows the chosen theme on the root element and remembers it', () => {
  const memory = fakeMemory('dark');
  const root = document.createElement('html');
  const theme = createTheme(memory, root);
  expect(root.dataset.theme).toBe('dark');
  theme.value = 'light';
  expect([root.dataset.theme, memory.text]).toEqual(['light', 'light']);
  theme.value = 'system';
  expect([root.dataset.theme, memory.text]).toEqual([undefined, 'system']);
});

it.each([undefined, '', 'purple'])('takes %j for the theme of the system', (name) => {
  expect(readTheme(name)).toBe('system');
});
