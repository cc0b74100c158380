import { expect, test } from 'vitest';
import { z } from 'zod';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import { startTeam, type Team } from '../../support/team.ts';

async function messages(team: Team): Promise<VoicemailView[]> {
  const text = fetch(`${team.url}/api/voicemails`).then((response) => response.text());
  return JSON.parse(await team.platform.clock.during(text));
}

/** Waits until a caller is asked for a message. Returns the id of the message. */
async function askedForMessage(team: Team, leg: string): Promise<string> {
  let id: string | null | undefined;
  await team.until(
    'a message is asked for',
    async () => {
      const left = (await team.events()).find((event) => event.kind === 'left' && event.call === leg);
      id = left?.kind === 'left' ? left.voicemail : undefined;
      return id != null;
    },
    120,
  );
  return id ?? '';
}

/** Tells the server of a recording, as the platform does. */
async function tellOfRecording(team: Team, id: string, recording: Record<string, unknown>): Promise<void> {
  const told = fetch(`${team.url}/voice/voicemail/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recording_uuid: 'r', size: 1, timestamp: '2026-03-02T09:00:00Z', ...recording }),
  });
  expect((await team.platform.clock.during(told)).status).toBe(200);
}

test('a recording of another call is not taken for the message', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const caller = team.platform.call();
  const other = team.platform.call({ from: '447700900001' });
  const id = await askedForMessage(team, caller.leg.uuid);
  const recording_url = `${team.platform.url}/v1/files/1`;
  await tellOfRecording(team, id, { recording_url, conversation_uuid: other.leg.conversation.id });
  expect(await messages(team)).toEqual([]);
  await tellOfRecording(team, id, { recording_url, conversation_uuid: caller.leg.conversation.id });
  expect(await messages(team)).toMatchObject([{ id, from: '447700900000' }]);
});

test('a caller whom no agent answered in time is listed by that outcome and the queue', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const caller = team.platform.call();
  const listed = async (query: string): Promise<unknown> => {
    const text = fetch(`${team.url}/api/calls?${query}`).then((response) => response.text());
    return JSON.parse(await team.platform.clock.during(text));
  };
  await team.until('it is listed', async () => JSON.stringify(await listed('limit=9')).includes('"queue":"'));
  expect(await listed('outcome=missed')).toMatchObject({ calls: [] });
  await askedForMessage(team, caller.leg.uuid);
  const [{ queue }] = z
    .object({ calls: z.tuple([z.object({ queue: z.string() })]) })
    .parse(await listed('limit=9')).calls;
  expect(await listed(`outcome=missed&queue=${encodeURIComponent(queue)}`)).toMatchObject({
    calls: [{ from: '447700900000', exit: 'overflow', queue }],
  });
});

test('a recording at a foreign address is refused at once, and listed as a message that was not received', async () => {
  await using team = await startTeam({ agents: ['Alice'] });
  const caller = team.platform.call();
  const id = await askedForMessage(team, caller.leg.uuid);
  const conversation_uuid = caller.leg.conversation.id;
  await tellOfRecording(team, id, { recording_url: 'https://files.example/1', conversation_uuid });
  await team.until('it is listed', async () => (await messages(team))[0]?.isMissing === true, 5);
  expect(team.printed()).toContain(
    'https://files.example/1 is not an address of the platform. It is listed as not received: call back.',
  );
});

test('a message is written down where the desk file asks for it', async () => {
  await using team = await startTeam({
    agents: ['Alice'],
    rules: (rules) => ({ ...rules, transcripts: 'en-GB' }),
  });
  const caller = team.platform.call();
  await askedForMessage(team, caller.leg.uuid);
  const heard = () => team.platform.heard(caller.leg.uuid).map(({ hears }) => hears);
  await team.until('the tone sounds', () => heard().includes('tone'));
  await team.wait(0.5);
  caller.say('Please call me back about my order.');
  await team.wait(8);
  caller.hangUp();
  await team.until('it is written down', async () => (await messages(team))[0]?.transcript != null, 10);
  expect(await messages(team)).toMatchObject([{ transcript: 'Please call me back about my order.' }]);
});
