import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { HOOK_SECRET, startReceiver } from '../../../server/hooks/testing.ts';
import { emptyFolder } from '../../../server/testing.ts';
import { freePort } from '../../support/free-port.ts';
import { startTeam } from '../../support/team.ts';

const folder = resolve(import.meta.dirname, '../../../deploy/prometheus');
const textOf = (path: string) => readFileSync(resolve(folder, path), 'utf8');
const run = promisify(execFile);

const rules = z
  .object({
    groups: z.tuple([z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })]),
  })
  .parse(parse(textOf('alerts.yml'))).groups[0].rules;

const dashboard = z
  .object({
    panels: z.array(
      z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) }),
    ),
  })
  .parse(JSON.parse(textOf('../grafana/switchboard.json')));

/** Every query: of alerts with the comparison as a value, so that it has a result while all is well. */
const queries = [
  ...rules.map(({ alert, expr }) => ({
    of: alert,
    expr: expr.replace(/ ([<>]|==) ([\de.]+)/g, ' $1 bool $2'),
  })),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ of: title, expr: expr.replaceAll('$__rate_interval', '5m') })),
  ),
];

test('alerts and dashboard use only metrics that docs/metrics.md explains', () => {
  const docs = textOf('../../docs/metrics.md');
  const explained = new Set([...docs.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
  const used = queries.flatMap(({ expr }) =>
    [...expr.matchAll(/\b(?:switchboard|process|nodejs)_\w+/g)].map(([name]) =>
      name.replace(/_(bucket|count)$/, ''),
    ),
  );
  expect(used.length).toBeGreaterThan(rules.length);
  expect(used.filter((name) => !explained.has(name))).toEqual([]);
});

test('docs/operations.md says what to do about each alert', () => {
  const docs = textOf('../../docs/operations.md');
  expect(rules.map(({ alert }) => alert).filter((alert) => !docs.includes(`\`${alert}\``))).toEqual([]);
});

/** Skips a test where a program of Prometheus is not installed. */
function needs(context: TestContext, program: string): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((each) => join(each, program))
    .find(isProgram);
  if (found === undefined) context.skip('Prometheus is not installed: apt-get install prometheus.');
  return found ?? program;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

test('each alert fires when its fault is made, and none while all is well', async (context) => {
  const promtool = needs(context, 'promtool');
  const tested = z
    .object({
      tests: z.array(z.object({ alert_rule_test: z.array(z.object({ alertname: z.string() })).default([]) })),
    })
    .parse(parse(textOf('alerts.test.yml')))
    .tests.flatMap(({ alert_rule_test: all }) => all.map(({ alertname }) => alertname));
  expect(tested).toEqual(rules.map(({ alert }) => alert));
  await run(promtool, ['check', 'config', 'prometheus.yml'], { cwd: folder });
  await run(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd: folder });
});

const results = z.object({ data: z.object({ result: z.array(z.unknown()) }) });
const alerts = z.object({
  data: z.object({ alerts: z.array(z.object({ labels: z.object({ alertname: z.string() }) })) }),
});

/** A Prometheus that reads from these servers each second, with our alerts. */
async function startPrometheus(program: string, targets: readonly string[]) {
  const place = emptyFolder();
  const settings = z
    .object({ scrape_configs: z.tuple([z.looseObject({})]) })
    .parse(parse(textOf('prometheus.yml')));
  const pace = { scrape_interval: '1s', evaluation_interval: '1s' };
  const job = { ...settings.scrape_configs[0], static_configs: [{ targets }] };
  const own = { global: pace, rule_files: [join(folder, 'alerts.yml')], scrape_configs: [job] };
  writeFileSync(join(place, 'prometheus.yml'), JSON.stringify(own));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${join(place, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(place, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const read = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ status }) => status,
      () => 0,
    );
  return {
    isReady: () => expect.poll(isReady).toBe(200),
    /** Of all queries, those without a result. */
    async unanswered(): Promise<string[]> {
      const found: string[] = [];
      for (const { of, expr } of queries) {
        const { data } = results.parse(await read(`/api/v1/query?${new URLSearchParams({ query: expr })}`));
        if (data.result.length === 0) found.push(of);
      }
      return found;
    },
    /** The alerts whose condition holds. */
    async alerts(): Promise<string[]> {
      const { data } = alerts.parse(await read('/api/v1/alerts'));
      return data.alerts.map(({ labels }) => labels.alertname).sort();
    },
  };
}

test('each query has an answer about a server at work, and alerts tell of real faults', async (context) => {
  const program = needs(context, 'prometheus');
  const receiver = await startReceiver();
  const hooks = { urls: [receiver.url], secrets: [HOOK_SECRET] };
  await using team = await startTeam({ agents: ['Alice', 'Bob'], hooks });
  // Time of the team passes only while nobody waits for Prometheus.
  const { during } = team.platform.clock;
  const prometheus = await during(startPrometheus(program, [new URL(team.url).host]));
  const feed = new AbortController();
  await during(fetch(`${team.url}/api/feed`, { signal: feed.signal }));
  team.treats('Alice', () => ({ does: 'answer', after: 3 }));
  team.page('Alice');
  await team.until('Alice is here', async () => (await team.view()).agents[0]?.line === 'up');
  team.call();
  await team.until('they talk', async () => (await team.view()).calls[0]?.state === 'talking', 20);
  team.call();
  await team.until('the second one waits', async () => (await team.view()).calls.length === 2);
  const look = async () => {
    await prometheus.isReady();
    await expect.poll(prometheus.unanswered).toEqual([]);
    const faults = ['SwitchboardStoreDown', 'SwitchboardWebhooksNotStored'];
    // A busy machine may be slow, which is an alert, too.
    const told = async () => (await prometheus.alerts()).filter((alert) => faults.includes(alert));
    expect(await told()).toEqual([]);
    team.store.works = false;
    const event = { uuid: 'leg', conversation_uuid: 'CON-1', status: 'started' };
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    };
    expect((await fetch(`${team.url}/voice/event`, init)).status).toBe(503);
    await expect.poll(told).toEqual(faults);
    team.store.works = true;
    await expect.poll(told).toEqual(['SwitchboardWebhooksNotStored']);
  };
  await during(look());
  feed.abort();
});
