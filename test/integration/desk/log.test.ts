import { expect, test } from 'vitest';
import { z } from 'zod';
import { startTeam } from '../../support/team.ts';

const line = z.looseObject({
  type: z.string(),
  requestId: z.string().nullable().optional(),
  text: z.string().optional(),
  kind: z.string().optional(),
  result: z.string().optional(),
  requests: z
    .array(z.object({ method: z.string(), url: z.string(), status: z.number().nullable(), took: z.number() }))
    .optional(),
});

test('the log names the webhook that caused each request to the platform', async () => {
  await using team = await startTeam({ agents: ['Alice'], logFormat: 'json' });
  team.treats('Alice', () => ({ does: 'answer', after: 2 }));
  team.page('Alice');
  await team.until('Alice is here', async () => (await team.view()).agents[0]?.line === 'up');
  const caller = team.call();
  await team.until('they talk', async () => (await team.view()).calls[0]?.state === 'talking', 20);
  caller.hangUp();
  const lines = () =>
    team
      .printed()
      .trim()
      .split('\n')
      .map((text) => line.parse(JSON.parse(text)));
  const effect = (kind: string) => lines().find((each) => each.type === 'effect' && each.kind === kind);
  await team.until('the agent is hung up', () => effect('hang up') !== undefined);
  const [asked, answered] = lines().filter(({ type }) => type === 'ncco-request');
  const ended = lines().find(({ type, event }) => type === 'event' && isEndOf(event, caller.leg.uuid));
  expect(asked?.requestId).toMatch(/^[\da-f-]{36}$/);
  expect(effect('create leg')).toMatchObject({
    requestId: asked?.requestId,
    result: 'done',
    attempt: 1,
    requests: [{ method: 'POST', url: expect.stringMatching(/\/v1\/calls$/), status: 201 }],
  });
  // The agent's leg asked what to do.
  expect(effect('transfer')).toMatchObject({ requestId: answered?.requestId, result: 'done' });
  expect(effect('hang up')).toMatchObject({ requestId: ended?.requestId });
  const offered = lines().find(({ text }) => text?.includes('offered to Alice'));
  expect(offered).toMatchObject({ type: 'desk', requestId: asked?.requestId });
});

function isEndOf(event: unknown, uuid: string): boolean {
  const { data } = z.object({ uuid: z.string(), status: z.literal('completed') }).safeParse(event);
  return data?.uuid === uuid;
}
