import { expect, test } from 'vitest';
import type { AgentDesk } from '../../../domain/api/desk-api.ts';
import { createTestDesk } from '../../../domain/desk/testing.ts';
import { viewForAgent } from '../../../server/routing/desk/view.ts';
import { startTeam } from '../../support/team.ts';

test('a page is told that a desk routes the calls, to each agent', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'] });
  const session = await (await fetch(`${team.url}/api/session`)).json();
  expect(session).toMatchObject({ routing: 'desk', called: true });
});

test('an offer says when it stops ringing: not before it rings, and without the platform’s margin', () => {
  const test = createTestDesk();
  test.page('Alice');
  test.call('caller');
  const offer = (): AgentDesk['offer'] => viewForAgent(test.desk, 'Alice', test.now).offer;
  expect(offer()?.until).toBe(null);
  test.tell({ kind: 'agent leg', reservation: test.offer('Alice').id, leg: 'leg', is: 'started' });
  expect(offer()?.until).toBe(test.now + 20_000);
});
