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

/** The window in CSS pixels: a low one, and what 200 % zoom leaves of a small and of a narrow one. */
const windows = [
  { width: 400, height: 600 },
  { width: 1280, height: 600 },
  { width: 640, height: 360 },
  { width: 320, height: 360 },
];

test.each(windows)(
  'in a window of $width × $height the call and its buttons stay where they are, and nothing covers them',
  async (size) => {
    const agent = await scene.agent();
    await agent.page.setViewportSize(size);
    const caller = await scene.caller();
    await caller.dials();
    await agent.answers();
    const before = await boxes(agent);

    const second = await scene.caller();
    await second.dials();
    await agent.page
      .getByText(/^Call waiting: /)
      .last()
      .waitFor();
    expect(await boxes(agent)).toEqual(before);
    await agent.click('Keypad');
    const keys = agent.page.getByRole('group', { name: 'Keypad' });
    expect(await boxes(agent)).toEqual(before);
    for (const key of ['1', '2', '3', '0']) {
      const button = keys.getByRole('button', { name: key, exact: true });
      // A click that something else would get fails.
      await button.click({ timeout: 5_000 });
      const box = await boxOf(button);
      for (const [name, other] of Object.entries(await boxes(agent)))
        expect(overlap(box, other), name).toBe(false);
    }
    await agent.page.getByText('Sent: 1230').waitFor();
    if (size.height >= 600) {
      // Nobody has to scroll to hang up.
      expect(before.hangUp.y + before.hangUp.height).toBeLessThanOrEqual(size.height);
    }
    await agent.click('Hang up');
    await agent.sees(/^Incoming call from/);
    await agent.click('Reject');
  },
);

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
