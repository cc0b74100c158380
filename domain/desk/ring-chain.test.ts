import { expect, test } from 'vitest';
import { type RingLink, ringChainsOf } from './ring-chain.ts';
import { createTestDesk, deskRules, READY } from './testing.ts';

/** A desk that offers the call c1 to Alice, and what is known of the offer after it has ended. */
function offeringDesk() {
  const desk = createTestDesk(deskRules({ agents: ['Alice'] }));
  desk.page('Alice');
  desk.call('c1');
  const { id: reservation } = desk.offer('Alice');
  const effect = { kind: 'create leg', reservation } as const;
  return {
    ...desk,
    desk,
    legCreated: () => desk.tell({ kind: 'effect done', effect, outcome: { is: 'done', leg: 'l1' } }),
    legRefused: (reason: string) =>
      desk.tell({ kind: 'effect done', effect, outcome: { is: 'failed', reason } }),
    leg: (is: 'started' | 'rang out' | 'rejected') =>
      desk.tell({ kind: 'agent leg', reservation, leg: 'l1', is }),
    page: (fact: 'invited' | 'rang', sound: 'played' | 'blocked' | null = null) =>
      desk.tell({
        kind: 'page reported',
        agent: 'Alice',
        call: 'c1',
        fact,
        sound,
        tab: 'hidden',
        notice: 'off',
      }),
    chain: () => ringChainsOf(desk.events)[0],
  };
}

test('an offer that rang unheard has every link, and none is broken', () => {
  const at = offeringDesk();
  at.legCreated();
  at.page('invited');
  at.page('rang', 'played');
  expect(at.desk.offer('Alice').state).toBe('ringing');
  at.leg('rang out');
  const chain = at.chain();
  expect(chain).toMatchObject({
    agent: 'Alice',
    as: 'timeout',
    broken: null,
    sound: 'played',
    tab: 'hidden',
    notice: 'off',
  });
  expect(chain?.links.filter(({ at: when }) => when === null)).toEqual([]);
  expect(chain?.presence).toEqual(READY);
});

test.each<[RingLink, (at: ReturnType<typeof offeringDesk>) => void]>([
  ['request', () => {}],
  ['invite', (at) => at.legCreated()],
  [
    'ring',
    (at) => {
      at.legCreated();
      at.page('invited');
    },
  ],
  [
    'ring',
    (at) => {
      at.legCreated();
      at.page('invited');
      at.page('rang', 'blocked');
    },
  ],
])('the first broken link is named: %s', (broken, until) => {
  const at = offeringDesk();
  until(at);
  at.desk.wait(30, { alive: ['Alice'] });
  expect(at.chain()?.broken).toBe(broken);
});

test('a refusal of the platform is told in its words', () => {
  const at = offeringDesk();
  at.legRefused('the user does not exist');
  expect(at.chain()).toMatchObject({ broken: 'request', reason: 'the user does not exist' });
});

test('nothing is broken where the agent declined, or the caller did not wait for the ringing', () => {
  const declined = offeringDesk();
  declined.leg('rejected');
  expect(declined.chain()).toMatchObject({ as: 'rejected', broken: null });
  const left = offeringDesk();
  left.desk.tell({ kind: 'caller ended', call: 'c1' });
  expect(left.chain()).toMatchObject({ as: 'rescinded', broken: null });
});

test('a page that tells the same again, or of another call, is noted once', () => {
  const at = offeringDesk();
  at.legCreated();
  at.page('invited');
  at.page('invited');
  at.page('rang', 'played');
  at.page('rang', 'played');
  const other = { kind: 'page reported', agent: 'Alice', fact: 'rang', sound: null, tab: null } as const;
  at.desk.tell({ ...other, call: 'another' });
  expect(at.desk.events.filter(({ kind }) => kind === 'page reported')).toHaveLength(2);
});
