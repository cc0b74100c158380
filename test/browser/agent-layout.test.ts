import { expect, test } from 'vitest';
import type { AgentAtPage } from './support/people.ts';
import { setScene } from './support/scene.ts';

const scene = setScene({ environment: { WAIT_MESSAGE: 'One moment' } });

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
  /** The keys to press: those at the edges. */
  keys: string;
}

/** The window in CSS pixels: a high one, low ones, and a small and a narrow one at 200 % zoom. */
const windows: Size[] = [
  { width: 1280, height: 800, keys: '3210' },
  { width: 400, height: 600, keys: '1230' },
  { width: 1280, height: 600, keys: '0321' },
  { width: 640, height: 360, keys: '2130' },
  { width: 320, height: 360, keys: '3012' },
];

test('in a window of any size, the call and its buttons stay in place and uncovered', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  const before = new Map<Size, Record<string, Box>>();
  for (const size of windows) {
    await resize(agent, size);
    before.set(size, await boxes(agent));
  }

  const second = await scene.caller();
  await second.dials();
  await agent.page
    .getByText(/^Call waiting: /)
    .last()
    .waitFor();
  for (const size of windows) {
    await resize(agent, size);
    expect(await boxes(agent), words(size)).toEqual(before.get(size));
  }
  for (const size of windows) {
    await resize(agent, size);
    await agent.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => isCallInView(agent), { message: words(size) }).toBe(true);
  }
  await agent.click('Keypad');
  const keys = agent.page.getByRole('group', { name: 'Keypad' });
  for (const size of windows) {
    await resize(agent, size);
    const now = await boxes(agent);
    expect(now, words(size)).toEqual(before.get(size));
    for (const [key, box] of Object.entries(await keyBoxes(agent))) {
      for (const [name, other] of Object.entries(now)) {
        expect(overlap(box, other), `${key} and ${name} in ${words(size)}`).toBe(false);
      }
    }
    for (const key of size.keys) {
      // A click on a covered element fails.
      await keys.getByRole('button', { name: key, exact: true }).click();
    }
    await agent.page.getByText(new RegExp(`^Sent: .*${size.keys}$`)).waitFor();
    if (size.height >= 600) {
      // Hanging up needs no scrolling.
      for (const { y, height } of Object.values(now)) {
        expect(y + height).toBeLessThanOrEqual(size.height);
      }
    }
  }
  for (const size of windows) {
    await resize(agent, size);
    for (const name of ['Hang up', 'Keypad', 'Mute']) {
      await agent.button(name).click({ trial: true });
    }
  }
  await agent.click('Hang up');
  await agent.sees(/^Incoming call from/);
  await agent.click('Reject');
});

test('what 200 % zoom leaves of a laptop is used as a whole while no call is there', async () => {
  const agent = await scene.agent();
  const size = { width: 720, height: 450 };
  await resize(agent, size);
  await agent.sees('Lines are open for calls');
  const found = await boxesOf(agent, { status: ['[role=status]', ''], answer: ['button', 'Answer'] });
  for (const { x, width } of Object.values(found)) {
    expect(x + width / 2).toBeCloseTo(size.width / 2, -1);
  }
});

const words = ({ width, height }: Size) => `a window of ${width} × ${height}`;

/** A page lays itself out for a new size a moment after it was told. */
async function resize({ page }: AgentAtPage, size: Pick<Size, 'width' | 'height'>): Promise<void> {
  await page.setViewportSize(size);
  await page.waitForFunction(
    ({ width, height }) =>
      innerWidth === width && innerHeight === height && document.fonts.status === 'loaded',
    size,
  );
}

/** Whether the window shows who is in the call, however far it is scrolled. */
function isCallInView({ page }: AgentAtPage): Promise<boolean> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role=status], .brief')]
      .filter((element) => element.textContent.startsWith('In call with +44 7700 900000'))
      .map((element) => element.getBoundingClientRect())
      .some(({ top, bottom }) => top >= 0 && bottom <= innerHeight),
  );
}

/** Where things are on the page, however far it is scrolled; all of them at one moment. */
async function boxes(agent: AgentAtPage): Promise<Record<string, Box>> {
  // A busy machine may lose the sound of a call for a moment, and the page says so.
  await agent.sees(/^In call with/);
  return boxesOf(agent, {
    caller: ['[role=status]', ''],
    timer: ['.stage__talk > *', 'Duration: '],
    mute: ['button', 'Mute'],
    keypad: ['button', 'Keypad'],
    hangUp: ['button', 'Hang up'],
  });
}

const keyBoxes = (agent: AgentAtPage) =>
  boxesOf(agent, Object.fromEntries([...'1234567890*#'].map((key) => [key, ['fieldset > button', key]])));

/** Boxes of elements by a selector and the text that they begin with. */
function boxesOf(
  { page }: AgentAtPage,
  wanted: Record<string, [selector: string, text: string]>,
): Promise<Record<string, Box>> {
  return page.evaluate((all) => {
    const boxOf = ([selector, text]: [string, string]): Box => {
      const element = [...document.querySelectorAll(selector)].find((one) =>
        one.textContent.startsWith(text),
      );
      if (!element) throw new Error(`There is no ${selector} with ${text}.`);
      const { x, y, width, height } = element.getBoundingClientRect();
      const round = (value: number) => Math.round(value);
      return { x: round(x + scrollX), y: round(y + scrollY), width: round(width), height: round(height) };
    };
    return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, boxOf(one)]));
  }, wanted);
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
