import { expect } from 'vitest';
import { call, open, scenario } from '../../support/scenario.ts';

const KEYS = ['1', '2', '3', '9', '0', '*', '#', '12', '22', '111'];

scenario(
  'keys pressed at every moment cut nobody off, and leave nobody without a sound',
  {
    agents: ['Alice', 'Bob'],
    isLong: true,
    rules: (rules) => {
      const queues = Object.entries(rules.queues).map(([name, queue]) => {
        return [name, { ...queue, callback: true, longestWait: 60 }] as const;
      });
      return { ...rules, queues: Object.fromEntries(queues) };
    },
  },
  async (team) => {
    const { world } = team.platform;
    const { random } = world;
    for (const name of ['Alice', 'Bob']) {
      team.treats(name, () =>
        random() < 0.3 ? { does: 'reject', after: [1, 4] } : { does: 'answer', after: [0, 4] },
      );
    }
    await open(team, 'Alice', 'Bob');
    for (let index = 0; index < 12; index += 1) {
      const caller = team.call({ from: `4477009000${String(index).padStart(2, '0')}` });
      const ifThere = (act: () => void) => () => {
        if (caller.leg.end === undefined) act();
      };
      for (let at = 0; at < 60; at += 0.2 + random() * 6) {
        const keys = KEYS[Math.floor(random() * KEYS.length)] ?? '1';
        world.after(
          at * 1000,
          ifThere(() => caller.press(keys)),
        );
      }
      world.after((20 + random() * 60) * 1000, ifThere(caller.hangUp));
      await team.wait(random() * 4);
    }
    await team.wait(120);
    for (const caller of team.callers) expect(await call(team, caller)).toBeUndefined();
    expect((await team.view()).calls.filter(({ kind }) => kind !== 'callback')).toEqual([]);
  },
);
