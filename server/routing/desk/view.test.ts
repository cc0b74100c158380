import { expect, test } from 'vitest';
import { createTestDesk } from '../../../domain/desk/testing.ts';
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
