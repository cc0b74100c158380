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
  /** What is pressed there: the keys at the edges. */
  keys: string;
}

/** The window in CSS pixels: a low one, and what 200 % zoom leaves of a small and of a narrow one. */
const windows: Size[] = [
  { width: 400, height: 600, keys: '1230' },
  { width: 1280, height: 600, keys: '0321' },
  { width: 640, height: 360, keys: '2130' },
  { width: 320, height: 360, keys: '3012' },
];

test('in a window of any size the call and its buttons stay where they are, and nothing covers them', async () => {
  const agent = await scene.agent();
  const caller = await scene.caller();
  await caller.dials();
  await agent.answers();
  const before = new Map<Size, Awaited<ReturnType<typeof boxes>>>();
  for (const size of windows) {
    await agent.page.setViewportSize(size);
    before.set(size, await boxes(agent));
  }

  const second = await scene.caller();
  await second.dials();
  await agent.page
    .getByText(/^Call waiting: /)
    .last()
    .waitFor();
  for (const size of windows) {
    await agent.page.setViewportSize(size);
    expect(await boxes(agent), words(size)).toEqual(before.get(size));
  }
  await agent.click('Keypad');
  const keys = agent.page.getByRole('group', { name: 'Keypad' });
  for (const size of windows) {
    await agent.page.setViewportSize(size);
    const now = await boxes(agent);
    expect(now, words(size)).toEqual(before.get(size));
    for (const key of size.keys) {
      const button = keys.getByRole('button', { name: key, exact: true });
      // A click that something else would get fails.
      await button.click({ timeout: 5_000 });
      const box = await boxOf(button);
      for (const [name, other] of Object.entries(await boxes(agent)))
        expect(overlap(box, other), `${name} in ${words(size)}`).toBe(false);
    }
    await agent.page.getByText(new RegExp(`^Sent: .*${size.keys}$`)).waitFor();
    if (size.height >= 600) {
      // Nobody has to scroll to hang up.
      expect(now.hangUp.y + now.hangUp.height).toBeLessThanOrEqual(size.height);
    }
  }
  for (const size of windows) {
    await agent.page.setViewportSize(size);
    for (const name of ['Hang up', 'Keypad', 'Mute']) {
      await agent.button(name).click({ trial: true, timeout: 5_000 });
    }
  }
  await agent.click('Hang up');
  await agent.sees(/^Incoming call from/);
  await agent.click('Reject');
});

const words = ({ width, height }: Size) => `a window of ${width} × ${height}`;

/** Where things are on the page, however far it is scrolled. */
async function boxes(agent: AgentAtPage) {
  const { page } = agent;
  return {
    caller: await boxOf(page.getByRole('status')),
    timer: await boxOf(page.getByText(/^(Duration: )?\d+:\d\d$/).first()),
    mute: await boxOf(agent.button('Mute')),
    keypad: await boxOf(agent.button('Keypad')),
    hangUp: await boxOf(agent.button('Hang up')),
  };
}

async function boxOf(locator: { evaluate: (read: (element: Element) => Box) => Promise<Box> }): Promise<Box> {
  return locator.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const round = (value: number) => Math.round(value);
    return { x: round(x + scrollX), y: round(y + scrollY), width: round(width), height: round(height) };
  });
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
