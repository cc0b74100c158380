import { describe, expect, it } from 'vitest';
import type { PageState } from '../../../domain/desk/desk.ts';
import type { DeskFact } from '../../../domain/desk/events.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { createPresence } from './presence.ts';

const PAGE: Omit<PageState, 'tab'> = { line: 'up', sound: 'on', microphone: 'ready' };

/** Presence with a store that takes a while, in which the first tab of each agent leads. */
function slowPresence(clock: Clock = systemClock) {
  const told: (readonly DeskFact[])[] = [];
  const leading = new Map<string, { page: PageState }>();
  let readings = 0;
  const presence = createPresence({
    clock,
    async tell(facts) {
      told.push(facts);
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const fact of facts) {
        if (fact.kind === 'page seen' && !leading.has(fact.agent))
          leading.set(fact.agent, { page: fact.page });
      }
    },
    async agents() {
      readings += 1;
      return leading;
    },
  });
  return { presence, told, readings: () => readings };
}

describe('pages that are heard from', () => {
  it('at the same time are told in one transaction, and the whole team is read once', async () => {
    const { presence, told, readings } = slowPresence();
    const first = presence.beat('Zoe', { tab: 'tab', ...PAGE });
    const others = Array.from({ length: 200 }, (_, index) =>
      presence.beat(`Agent${index}`, { tab: 'tab', ...PAGE }),
    );
    expect(await Promise.all([first, ...others])).toEqual(Array(201).fill(true));
    expect(told.flat()).toHaveLength(201);
    expect(told.length).toBeLessThanOrEqual(2);
    expect(readings()).toBe(told.length);
    presence.close();
  });

  it('lead or not, each tab for itself', async () => {
    const { presence } = slowPresence();
    const tabs = ['one', 'two'].map((tab) => presence.beat('Alice', { tab, ...PAGE }));
    expect(await Promise.all(tabs)).toEqual([true, false]);
    presence.close();
  });

  it('are told as they are now, not as they were before', async () => {
    const timers: (() => void)[] = [];
    const after = (_ms: number, fn: () => void) => {
      timers.push(fn);
      return () => {};
    };
    const { presence, told } = slowPresence({ ...systemClock, after });
    await presence.beat('Alice', { tab: 'tab', ...PAGE });
    await presence.beat('Alice', { tab: 'tab', ...PAGE });
    await presence.beat('Alice', { tab: 'tab', ...PAGE, microphone: 'refused' });
    for (const fn of timers) fn();
    const microphones = told.flat().map((fact) => fact.kind === 'page seen' && fact.page.microphone);
    expect(microphones).toEqual(['ready', 'refused']);
    presence.close();
  });

  it('are taken while the server stops', async () => {
    const { presence } = slowPresence();
    presence.close();
    expect(await presence.beat('Alice', { tab: 'tab', ...PAGE })).toBe(true);
  });
});
