import { expect, test } from 'vitest';
import { EVENT_KINDS, kindOf } from '../domain/webhooks/event-kind.ts';
import { TEMPLATES } from '../emulator/commands/trigger-templates.ts';
import { createVirtualWorld } from '../emulator/world.ts';

test('the emulator can send an event of each kind that the server tells apart', () => {
  const world = createVirtualWorld({ seed: 1, start: 0 });
  const sent = new Set(Object.values(TEMPLATES).map(({ make }) => kindOf(make(world))));
  expect(EVENT_KINDS.filter((kind) => !sent.has(kind))).toEqual(['unknown']);
});
