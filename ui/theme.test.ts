// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { fakeStorage } from './testing.ts';
import { createTheme } from './theme.ts';

const KEY = 'switchboard.theme';

it('shows the chosen theme on the root element and remembers it', () => {
  const storage = fakeStorage({ [KEY]: 'dark' });
  const root = document.createElement('html');
  const theme = createTheme(storage, root);
  expect(root.dataset.theme).toBe('dark');
  theme.value = 'light';
  expect([root.dataset.theme, storage.getItem(KEY)]).toEqual(['light', 'light']);
  theme.value = 'system';
  expect([root.dataset.theme, storage.getItem(KEY)]).toEqual([undefined, 'system']);
});

it.each([{}, { [KEY]: '' }, { [KEY]: 'purple' }])('follows the system if %j is stored', (entries) => {
  expect(createTheme(fakeStorage(entries), document.createElement('html')).value).toBe('system');
});
