// @vitest-environment happy-dom
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createFakeApi } from '../fake-agent.ts';
import { type FakePage, openPage } from './fake-page.tsx';

let page: FakePage;
afterEach(() => page.close());
// What is known of all countries' numbers takes a while to load on a busy machine.
beforeAll(() => import('./dial-pad.tsx'));

async function openPad(changes?: Parameters<typeof openPage>[0]): Promise<HTMLInputElement> {
  page = await openPage(changes);
  await page.click('Dial');
  // The pad is loaded when it is opened for the first time.
  await expect.poll(() => page.all('#dial-number')).toHaveLength(1);
  const [field] = page.all<HTMLInputElement>('#dial-number');
  if (field === undefined) throw new Error('There is no field for a number.');
  return field;
}

const type = (field: HTMLInputElement, text: string) =>
  page.happen(() => {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

it('a number is formatted as it is typed or pasted, and its country is named', async () => {
  const field = await openPad();
  await type(field, '02079460018');
  expect(field.value).toBe('020 7946 0018');
  expect(page.all('#dial-note')[0]?.textContent).toBe('United Kingdom');
  await type(field, '');
  await type(field, '+34912345678');
  expect(field.value).toBe('+34 912 34 56 78');
  expect(page.all('#dial-note')[0]?.textContent).toBe('Spain');
});

it('the keys type, the last digit can be deleted, and Call dials', async () => {
  const field = await openPad();
  for (const key of ['0', '2', '0', '7']) await page.click(key);
  expect(field.value.replaceAll(' ', '')).toBe('0207');
  await page.click('Delete the last digit');
  expect(field.value.replaceAll(' ', '')).toBe('020');
  await type(field, '+44 7700 900123');
  await page.click('Call number');
  expect(page.phone.asked).toContain('dial 447700900123');
  expect(page.status()).toEqual(['Calling +44 7700 900123…']);
  expect(page.all('#dial-number')).toEqual([]);
  await page.happen(() =>
    page.phone.say({ type: 'dial-progress', callId: 'leg-dialled', progress: 'ringing' }),
  );
  expect(page.status()).toEqual(['Ringing at +44 7700 900123…']);
  await page.click('Hang up');
  expect(page.status()).toEqual(['Call ended: you hung up']);
});

it('why a number is not called is said in words', async () => {
  const none = { allowed: false, number: null, formatted: null, country: null } as const;
  const refused = { ...none, reason: 'short', words: 'No.' } as const;
  const field = await openPad({ api: { ...createFakeApi(), outbound: async () => refused } });
  await type(field, '112');
  await page.click('Call number');
  expect(page.alert()).toContain(
    'Emergency and other short numbers can’t be called from here. Use a telephone.',
  );
  expect(page.phone.asked).not.toContain('dial 112');
});

it('a caller can be called again from the list, and from the dial pad', async () => {
  page = await openPage();
  await page.ring();
  await page.click('Reject');
  await page.click('Dial');
  await expect.poll(() => page.all('#dial-number')).toHaveLength(1);
  await page.click('+44 7700 900000');
  expect(page.all<HTMLInputElement>('#dial-number')[0]?.value).toBe('+44 7700 900000');
  await page.click('Call +44 7700 900000');
  expect(page.phone.asked).toContain('dial 447700900000');
});
