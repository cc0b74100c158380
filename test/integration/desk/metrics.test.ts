import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerHookMetrics } from '../../../server/hooks/metrics.ts';
import { registerDirectMetrics } from '../../../server/routing/metrics.ts';
import { startTeam, type Team } from '../../support/team.ts';

/** What a server serves at /metrics. */
async function served(team: Team): Promise<string> {
  const text = fetch(`${team.url}/metrics`).then((response) => response.text());
  return team.platform.clock.during(text);
}

/** The metrics of the desk by name and labels. */
async function metrics(team: Team): Promise<Map<string, number>> {
  const lines = (await served(team)).split('\n');
  return new Map(
    lines
      .filter((line) => line.startsWith('switchboard_desk_'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice('switchboard_desk_'.length, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

/** The types and labels of metrics, by name. A label is known once there is a sample with it. */
function metricsIn(text: string): Map<string, { type: string; labels: string[] }> {
  const found = new Map<string, { type: string; labels: string[] }>();
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const samples = [...text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{(.*)\\} `, 'gm'))];
    const labels = samples.flatMap(([, all = '']) =>
      [...all.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    );
    found.set(name, { type, labels: [...new Set(labels)].filter((label) => label !== 'le') });
  }
  return found;
}

/** What a server serves besides if it sends hooks. */
function metricsOfHooks(): Promise<string> {
  const registry = new Registry();
  registerHookMetrics(registry, {
    receivers: [],
    wake() {},
    onAttempt: (listener) => listener('delivered', 1),
    backlog: async () => ({ count: 0, age: 0 }),
    close: async () => {},
  });
  return registry.metrics();
}

/** What a server serves instead if it routes directly. */
function metricsOfDirectCalls(): Promise<string> {
  const registry = new Registry();
  registerDirectMetrics(registry, {
    onRing(listener) {
      listener({ result: 'answered', rang: 4_000, waited: 7_000 });
      listener({ result: 'caller-gave-up', rang: null, waited: null });
    },
  });
  return registry.metrics();
}

const docs = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

/** The rows of the tables in docs/metrics.md. */
const documented = new Map(
  [...docs.matchAll(/^\| `(\w+)` \| (\w+)(?:, shared)? \|(.*?)\| /gm)].map(
    ([, name = '', type = '', labels = '']) =>
      [name, { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) }] as const,
  ),
);

test('the metrics and the log tell what the desk does, and docs/metrics.md explains each metric', async () => {
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
  expect(ringing.get('service_level_callers')).toBe(0);
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
  expect(told.get('service_level_callers')).toBe(1);
  expect(told.get('outbox_age_seconds')).toBe(0);
  expect(told.get('faults_total')).toBe(0);
  caller.hangUp();
  const lines = () => team.printed().match(/^DESK: .*$/gm) ?? [];
  await team.until('it is over', () => lines().some((line) => line.endsWith('is over')));
  expect((await metrics(team)).get('exits_total{exit="completed"}')).toBe(1);
  expect(lines()).toEqual(
    expect.arrayContaining([
      'DESK: call from 447700900000: waits in main',
      'DESK: call from 447700900000: offered to Alice (idle longest, 2 s)',
      'DESK: call from 447700900000: rejected by Alice',
      'DESK: call from 447700900000: taken by Bob',
    ]),
  );
  const text = await served(team);
  expect(text).toMatch(/^switchboard_webhook_seconds_count\{route="agent",status="200"\} [1-9]/m);
  expect(text).toMatch(/^switchboard_store_seconds_count\{operation="write",result="done"\} [1-9]/m);
  expect(text).toMatch(/^switchboard_store_up 1$/m);
  expect(text).toMatch(/^switchboard_store_size_bytes [1-9]/m);
  expect(text).toMatch(/^switchboard_feed_readers\{feed="wall"\} 0$/m);
  const direct = await metricsOfDirectCalls();
  expect(direct).toMatch(/^switchboard_direct_ring_seconds_bucket\{le="5",result="answered"\} 1$/m);
  expect(direct).toMatch(/^switchboard_direct_answer_seconds_bucket\{le="5"\} 0$/m);
  expect(direct).toMatch(/^switchboard_direct_answer_seconds_bucket\{le="10"\} 1$/m);
  expect(direct).not.toContain('caller-gave-up');
  const all = metricsIn(`${text}\n${await metricsOfHooks()}\n${direct}`);
  const own = [...all].filter(([name]) => name.startsWith('switchboard_'));
  expect([...documented.keys()].filter((name) => !all.has(name))).toEqual([]);
  expect(own.map(([name]) => name).filter((name) => !documented.has(name))).toEqual([]);
  for (const [name, { type, labels }] of documented) {
    expect({ name, type: all.get(name)?.type }).toEqual({ name, type });
    expect(labels, name).toEqual(expect.arrayContaining(all.get(name)?.labels ?? []));
  }
});
