import { expect, test } from 'vitest';
import { createTestDesk, deskRules } from '../../../domain/desk/testing.ts';
import { viewAgent } from './view.ts';

test('an agent who was never there has been away for no time; one who left, since then', () => {
  const desk = createTestDesk();
  const seen = (name: string) => {
    const agent = desk.desk.agents.get(name);
    if (agent === undefined) throw new Error(`no agent ${name}`);
    return viewAgent(desk.desk, agent, desk.now);
  };
  expect(seen('Alice')).toMatchObject({ line: 'down', since: 0 });
  desk.page('Alice');
  desk.wait(5);
  desk.tell({ kind: 'page closed', agent: 'Alice', until: desk.now });
  const left = desk.now;
  desk.wait(5, { alive: [] });
  expect(seen('Alice').line).toBe('down');
  expect(seen('Alice').since).toBeGreaterThanOrEqual(left);
});

test('an agent who is free has been so since the last call, and one who went away since that choice', () => {
  const desk = createTestDesk(deskRules({ wrapUpSeconds: 0 }));
  const alice = () => {
    const agent = desk.desk.agents.get('Alice');
    if (agent === undefined) throw new Error('no Alice');
    return viewAgent(desk.desk, agent, desk.now);
  };
  desk.page('Alice');
  const first = alice().since;
  desk.wait(60);
  expect(alice()).toMatchObject({ load: 'free', since: first });
  desk.call('a');
  desk.wait(4);
  desk.answer('Alice');
  desk.wait(30);
  desk.tell({ kind: 'caller ended', call: 'a' });
  desk.wait(1);
  expect(alice().load).toBe('free');
  expect(desk.now - alice().since).toBeLessThanOrEqual(2_000);
  desk.wait(60);
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: 'lunch' }, after: 'now' });
  const left = desk.now;
  desk.wait(60);
  expect(alice()).toMatchObject({ choice: 'away', since: left });
});
