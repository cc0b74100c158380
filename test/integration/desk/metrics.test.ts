import { expect, test } from 'vitest';
import { startTeam, type Team } from '../../support/team.ts';

/** The metrics of the desk by name and labels. */
async function metrics(team: Team): Promise<Map<string, number>> {
  const text = fetch(`${team.url}/metrics`).then((response) => response.text());
  const lines = (await team.platform.clock.during(text)).split('\n');
  return new Map(
    lines
      .filter((line) => line.startsWith('switchboard_desk_'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice('switchboard_desk_'.length, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

test('the metrics and the log tell what the desk does', async () => {
  await using team = await startTeam({ agents: ['Alice', 'Bob'] });
  team.treats('Alice', () => ({ does: 'reject', after: 2 }));
  team.platform.agent('Bob', { does: 'answer', after: 3 });
  team.page('Alice');
  await team.until('Alice is here', async () => (await team.view()).agents[0]?.line === 'up');
  await team.wait(2);
  team.page('Bob');
  await team.until('Bob is here', async () => (await team.view()).agents[1]?.line === 'up');
  const caller = team.platform.call();
  await team.until('it rings', async () => (await team.view()).calls[0]?.state === 'offered');
  const ringing = await metrics(team);
  // Nobody has been answered yet.
  expect(ringing.has('service_level_ratio')).toBe(false);
  expect(ringing.get('calls{state="offered"}')).toBe(1);
  expect(ringing.get('waiting_callers{queue="main"}')).toBe(1);
  expect(ringing.get('agents{line="up",choice="available",load="reserved"}')).toBe(1);
  expect(ringing.get('agents{line="up",choice="available",load="free"}')).toBe(1);
  await team.until('they talk', async () => (await team.view()).calls[0]?.state === 'talking', 20);
  const told = await metrics(team);
  expect(told.get('offers_total{result="rejected"}')).toBe(1);
  expect(told.get('offers_total{result="accepted"}')).toBe(1);
  expect(told.get('effects_total{kind="create leg",result="done"}')).toBe(2);
  expect(told.get('ring_seconds_count{result="accepted"}')).toBe(1);
  expect(told.get('answer_seconds_bucket{le="10"}')).toBe(1);
  expect(told.get('service_level_ratio')).toBe(1);
  expect(told.get('outbox_age_seconds')).toBe(0);
  caller.hangUp();
  const lines = () => team.printed().match(/^DESK: .*$/gm) ?? [];
  await team.until('it is over', () => lines().some((line) => line.endsWith('is over')));
  expect(lines()).toEqual(
    expect.arrayContaining([
      'DESK: call from 447700900000: waits in main',
      'DESK: call from 447700900000: offered to Alice (idle longest, 2 s)',
      'DESK: call from 447700900000: rejected by Alice',
      'DESK: call from 447700900000: taken by Bob',
    ]),
  );
});
