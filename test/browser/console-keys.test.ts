import { expect, test } from 'vitest';
import { wholeCall } from './support/calls.ts';
import { setConsoleScene } from './support/console-scene.ts';

const scene = setConsoleScene();
const PATIENCE = { timeout: 20_000 };

test('the keyboard alone is enough: browse the list, open a call, go back, copy, search, pause', async () => {
  const developer = await scene.developer();
  const { page } = developer;
  const { keyboard } = page;
  const first = wholeCall();
  const second = wholeCall({ caller: '33123456789' });
  await scene.deliver(first.webhooks);
  await scene.deliver(second.webhooks);
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(2);
  const focused = page.locator(':focus');
  const selected = developer.list.getByRole('option', { selected: true });
  const nextIs = async (name: string) => {
    await keyboard.press('Tab');
    expect((await focused.textContent())?.trim()).toBe(name);
  };

  // To the list without a shortcut.
  do {
    await keyboard.press('Tab');
  } while ((await focused.getAttribute('role')) !== 'listbox');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await selected.filter({ hasText: '+44 7700 900000' }).waitFor();
  await keyboard.press('Enter');
  await expect.poll(() => focused.getAttribute('class')).toBe('call__title');
  await expect.poll(() => developer.rungs.count(), PATIENCE).toBe(12);

  await nextIs('Recording 1');
  await nextIs('Copy call ID');
  await keyboard.press('Enter');
  await page.getByText('Copied').waitFor();
  await nextIs('HAR');
  await nextIs('JSON');
  await nextIs('JSON');
  await keyboard.press('Enter');
  await page.locator('pre').filter({ hasText: first.id }).waitFor();

  await keyboard.press('Control+k');
  await keyboard.press('Control+v');
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(1);
  expect(await focused.inputValue()).toBe(first.id);
  await keyboard.press('Control+a');
  await keyboard.press('Delete');
  await expect.poll(() => developer.lines.count(), PATIENCE).toBe(2);

  await page.getByRole('button', { name: 'Copy as curl' }).first().focus();
  await keyboard.press('Enter');
  await developer.rungs.getByText('Copied').waitFor();
  await keyboard.press('Escape');
  await expect.poll(() => focused.getAttribute('role')).toBe('listbox');
  await keyboard.press('Alt+ArrowUp');
  await selected.filter({ hasText: '+33' }).waitFor();

  await keyboard.press('Alt+p');
  await developer.sees('Paused');
  await scene.deliver(wholeCall().webhooks.slice(1));
  await page.getByText('Paused. 9 new entries in 1 call.').waitFor();
  expect(await developer.lines.count()).toBe(2);
  await keyboard.press('Alt+p');
  await developer.sees('Live');
  await expect.poll(() => developer.lines.count()).toBe(3);
  await selected.filter({ hasText: '+33' }).waitFor();
});
