import { expect, test } from 'vitest';
import { axeFindsNothing } from './support/axe.ts';
import { hears } from './support/ears.ts';
import type { CallerAtPhone } from './support/people.ts';
import { setPhoneScene, TONES } from './support/phone-scene.ts';

const ANNA = '+44 7700 900000';
const BEN = '+44 7700 900001';
const CONNECT = {
  action: 'connect',
  endpoint: [{ type: 'phone', number: BEN.replace(/\D/g, '') }],
};
const ASK = { action: 'input', type: ['speech'], speech: { startTimeout: 60 } };

const scene = setPhoneScene([CONNECT]);

test('a phone calls, says whom it wants, and talks to the phone that rings', async () => {
  scene.application.answer = () => ({ body: [ASK] });
  scene.application.acknowledge = ({ speech }) => (speech ? { body: [CONNECT] } : {});
  const [anna, ben] = await Promise.all([scene.phone('anna'), scene.phone('ben')]);
  await anna.ownsNumber(ANNA);
  await ben.ownsNumber(BEN);

  await anna.dials();
  await anna.sees(/^Connected to/);
  await anna.page.getByRole('textbox', { name: 'Say as speech' }).fill('Ben, please');
  await anna.page.getByText('Replaces speech recognition').waitFor();
  await anna.click('Say');
  await anna.page.getByText('Said: “Ben, please”').waitFor();
  await expect
    .poll(() => scene.application.events.find((event) => 'speech' in event))
    .toMatchObject({ from: '447700900000', speech: { results: [{ text: 'Ben, please' }] } });

  await ben.sees(`Incoming call from ${ANNA}`);
  await expect.poll(() => ben.page.title()).toBe(`Incoming call from ${ANNA}`);
  expect(await ben.page.getByRole('alert').textContent()).toBe(`Incoming call from ${ANNA}`);
  expect(await ben.button('Answer').evaluate((button) => button === document.activeElement)).toBe(true);
  await ben.click('Answer');
  await Promise.all([ben.sees(`In call with ${ANNA}`), anna.sees(/^In call with/)]);
  expect(await ben.page.title()).toBe('Test phone');
  await Promise.all([hears(ben.page, [TONES.anna]), hears(anna.page, [TONES.ben])]);

  // Keys are two simultaneous tones (ITU-T Q.23): 5 is 770 and 1336 Hz, # is 941 and 1477 Hz.
  await Promise.all([presses(anna, '5'), hears(ben.page, [770, 1336])]);
  await Promise.all([presses(ben, '#'), hears(anna.page, [941, 1477])]);

  await anna.click('Hang up');
  await anna.sees('Call ended: you hung up');
  await ben.sees('Call ended: the other side hung up');
  await ben.ringsHereFor(BEN);
});

test('a call rings on both pages of a number until one answers, one rejects, or the caller hangs up', async () => {
  scene.application.answer = () => ({ body: [CONNECT] });
  const [ben, second] = await Promise.all([scene.phone('ben'), scene.phone('ben')]);
  await ben.ownsNumber(BEN);
  await second.ownsNumber(BEN);

  const first = scene.platform.call();
  await Promise.all([ben.sees(/^Incoming call/), second.sees(/^Incoming call/)]);
  first.hangUp();
  await Promise.all([ben, second].map((phone) => phone.sees('Call ended: missed, caller hung up')));

  scene.platform.call();
  await Promise.all([ben.sees(/^Incoming call/), second.sees(/^Incoming call/)]);
  await second.click('Answer');
  await ben.sees('Call ended: answered elsewhere');
  await second.sees(`In call with ${ANNA}`);

  const third = scene.platform.call();
  await ben.sees(/^Incoming call/);
  await ben.click('Reject');
  await ben.sees('Call ended: you declined');
  expect(await third.over).toMatchObject({ because: 'rejected' });
  await second.click('Hang up');
});

test('text typed while it rings stays in its box', async () => {
  scene.application.answer = () => ({ body: [CONNECT] });
  const ben = await scene.phone('ben');
  await ben.ownsNumber(BEN);
  const box = ben.page.getByRole('textbox', { name: 'Number to dial' });
  await box.fill('');
  const { hangUp } = scene.platform.call();
  await ben.sees(/^Incoming call/);
  await ben.page.keyboard.type('1 2');
  expect(await box.inputValue()).toBe('1 2');
  await ben.sees(/^Incoming call/);
  hangUp();
  await ben.sees('Call ended: missed, caller hung up');
});

test('if the browser blocks the ringtone, the page says so until a click', async () => {
  scene.application.answer = () => ({ body: [CONNECT] });
  const ben = await scene.phone('ben');
  await ben.ownsNumber(BEN);
  // Simulates an untouched page, because the driver's actions count as a user's.
  await ben.page.evaluate(() => {
    window.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        void this.suspend();
      }
    };
  });
  scene.platform.call();
  const hint = ben.page.getByText('click anywhere on this page to turn it on');
  await hint.waitFor();
  await ben.page.getByRole('heading').click();
  await hint.waitFor({ state: 'detached' });
  await ben.sees(/^Incoming call/);
  await ben.click('Reject');
});

test('in-band DTMF reaches an application, too', async () => {
  scene.application.answer = () => ({ body: [{ action: 'input', dtmf: { timeOut: 10, maxDigits: 2 } }] });
  scene.application.acknowledge = () => ({});
  const anna = await scene.phone('anna');
  await anna.dials();
  await anna.sees(/^Connected to/);
  await anna.page.getByRole('checkbox', { name: 'Send in-band DTMF' }).check();
  await presses(anna, '4');
  await presses(anna, '#');
  await expect
    .poll(() => scene.application.events.find((event) => 'dtmf' in event), { timeout: 10_000 })
    .toMatchObject({ dtmf: { digits: '4#', timed_out: false } });
});

test('axe finds no issue while it rings and in a call, light, dark and 320 pixels wide', async () => {
  scene.application.answer = () => ({ body: [CONNECT] });
  const ben = await scene.phone('ben');
  await ben.ownsNumber(BEN);
  const everyLook = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1024, 320]) {
        await ben.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await ben.page.setViewportSize({ width, height: 700 });
        await axeFindsNothing(ben.page);
        expect(await ben.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          width,
        );
      }
    }
  };
  scene.platform.call();
  await ben.sees(/^Incoming call/);
  await everyLook();
  for (const name of ['Answer', 'Reject']) {
    const size = await ben.button(name).boundingBox();
    expect(Math.min(size?.width ?? 0, size?.height ?? 0), name).toBeGreaterThanOrEqual(44);
  }
  await ben.click('Answer');
  await ben.sees(/^In call with/);
  await everyLook();
});

async function presses({ page }: CallerAtPhone, key: string): Promise<void> {
  const keypad = page.getByRole('group', { name: 'Keypad' });
  await keypad.getByRole('button', { name: key, exact: true }).click();
}
