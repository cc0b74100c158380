import { expect, test } from 'vitest';
import { z } from 'zod';
import { open, talks } from '../../support/scenario.ts';
import { startTeam } from '../../support/team.ts';

const archive = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        comment: z.string(),
        request: z.object({ method: z.string(), url: z.string() }),
        response: z.object({ status: z.number() }),
      }),
    ),
  }),
});

test('the export of a call has the desk’s requests and the platform’s answers, and no token', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  team.platform.agent('Alice', { does: 'answer', after: 1 });
  await open(team, 'Alice');
  const caller = team.platform.call();
  await team.until('they talk', talks(team, caller));
  const text = await team.platform.clock.during(
    fetch(`${team.url}/api/calls/${caller.leg.uuid}/export/har`).then((response) => response.text()),
  );
  expect(text).not.toMatch(/Bearer|eyJ/);
  const { log } = archive.parse(JSON.parse(text));
  const sent = log.entries
    .filter(({ comment }) => comment === 'sent')
    .map(({ request, response }) => `${request.method} ${new URL(request.url).pathname} ${response.status}`);
  expect(sent).toEqual(['POST /v1/calls 201', `PUT /v1/calls/${caller.leg.uuid} 204`]);
});
