// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakePage, openPage } from '../views/fake-page.tsx';

let page: FakePage;

beforeEach(async () => {
  page = await openPage();
});

afterEach(async () => {
  await turn(true);
  page.close();
});

const press = (init: KeyboardEventInit, target: EventTarget = document.body) =>
  page.happen(() => void target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init })));
const alt = (letter: string) => ({ key: letter, code: `Key${letter.toUpperCase()}`, altKey: true });

async function turn(isOn: boolean): Promise<void> {
  await page.click('Keyboard shortcuts');
  const [box] = page.all<HTMLInputElement>('.shortcuts__on input');
  if (box && box.checked !== isOn) {
    await page.happen(() => box.click());
  }
  await page.click('Close');
}

describe('the keys of the page', () => {
  it('answer and hang up', async () => {
    await page.ring();
    await page.patiently(() => press(alt('a')));
    expect(page.status()).toEqual(['In call with +44 7700 900000']);
    await page.patiently(() => press(alt('u')));
    expect(page.phone.asked).toContain('hangUp leg-1');
  });

  it('do nothing while somebody types', async () => {
    await page.ring();
    const [field] = page.all<HTMLInputElement>('input[type=search]');
    await press(alt('a'), field);
    expect(page.status()).toEqual(['Incoming call from +44 7700 900000']);
  });

  it('are listed under "?"', async () => {
    await press({ key: '?' });
    const keys = page.all('dialog dt').map((name) => name.textContent);
    expect(keys).toEqual([
      'Answer',
      'Reject',
      'Hang up',
      'Mute',
      'Hold',
      'Keypad',
      'Transfer',
      'Write a note',
      'Show this list',
    ]);
    await page.click('Close');
  });

  it('can be turned off, but for the one that lists them', async () => {
    await turn(false);
    await page.ring();
    await press(alt('a'));
    await press({ key: '?' });
    expect(page.status()).toEqual(['Incoming call from +44 7700 900000']);
    expect(page.all('dialog')).toEqual([]);
    await press({ key: '/', ctrlKey: true });
    expect(page.all('dialog').length).toBe(1);
    await page.click('Close');
  });
});
