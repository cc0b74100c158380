import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readScenarioFile, run as runCommand } from '../../emulator/commands/run.ts';
import { runAlone } from '../../emulator/scenario/run.ts';
import type { ReadyScenario, Scenario } from '../../emulator/scenario/scenario.ts';
import { readScenario } from '../../emulator/scenario/scenario.ts';
import type { Payload } from '../../emulator/webhooks/webhook.ts';
import { isEvent } from '../../emulator/webhooks/webhook.ts';

const root = resolve(import.meta.dirname, '../..');
const TUTORIAL = 'docs/scenarios/phone-to-app.json';
const TALK = { action: 'talk', text: 'Hello' };
const CONNECT = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] };

/** Runs a scenario on a virtual clock. Returns the webhooks and the results. */
async function run(scenario: ReadyScenario, seed = scenario.seed) {
  const events: Payload[] = [];
  const virtual = { seed, start: Date.parse(scenario.start) };
  const report = await runAlone(scenario, { virtual }, ({ payload }) => {
    if (isEvent(payload)) events.push(payload);
  });
  return { report, events };
}

function ready(scenario: Scenario): ReadyScenario {
  const read = readScenario(scenario);
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.scenario;
}

describe('the scenarios in the documentation', () => {
  test.each(globSync('docs/scenarios/*.{json,ts}', { cwd: root }).sort())(
    '%s ends as it expects',
    async (file) => {
      const { report } = await run(await readScenarioFile(file, root));
      expect(report.failures).toEqual([]);
      expect(report.calls).toBeGreaterThan(0);
    },
  );
});

describe('the tutorial’s call', () => {
  test('has the events of the tutorial’s log, in its order and with Vonage’s key order', async () => {
    const { events } = await run(await readScenarioFile(TUTORIAL, root));
    const logged: Payload[] = JSON.parse(
      await readFile(join(root, 'test/data/phone-to-app.events.json'), 'utf8'),
    );
    // The log is from 2021; since then Vonage also says who hung up.
    const later = ['disconnected_by', 'sip_code'];
    const keysOf = (event: Payload) => Object.keys(event).filter((key) => !later.includes(key));
    const shape = (event: Payload) => [event.status, event.direction, keysOf(event).join()];
    expect(events.map(shape)).toEqual(logged.map(shape));
    expect(events.filter((event) => later.every((key) => key in event)).map(({ status }) => status)).toEqual([
      'completed',
      'completed',
    ]);
    expect(events[0]?.timestamp).toBe(logged[0]?.timestamp);
  });

  test('is byte-identical for the same seed, and has other IDs for another', async () => {
    const scenario = await readScenarioFile(TUTORIAL, root);
    const [first, second, other] = [await run(scenario), await run(scenario), await run(scenario, 2)];
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
    expect(other.events[0]?.uuid).not.toBe(first.events[0]?.uuid);
    expect(second.report).toEqual(first.report);
  });
});

describe('many calls at once', () => {
  const rush: Scenario = {
    application: { answer: [TALK, CONNECT] },
    agents: { Alice: { does: 'answer', after: [1, 6], hangUpAfter: [5, 50] } },
    faults: [{ fault: 'duplicate', webhook: 'answered', chance: 0.2 }],
    calls: [{ repeat: 50, perSecond: 5 }],
  };

  test('are byte-identical for the same seed, whatever else the machine does', async () => {
    const [first, second] = await Promise.all([run(ready(rush)), run(ready(rush))]);
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
    expect(first.report.calls).toBe(50);
  });

  test('take a day of virtual time and seconds of real time', async () => {
    const day = ready({ ...rush, faults: [], calls: [{ repeat: 48, perSecond: 1 / 1800 }] });
    const { report } = await run(day);
    expect(report.failures).toEqual([]);
    expect(report.seconds).toBeGreaterThan(23 * 3600);
  });
});

describe('a scenario that does not end as expected', () => {
  test.each<[string, Partial<Scenario>, string]>([
    [
      'another course of events',
      { calls: [{ expect: { caller: { events: ['started'] } } }] },
      'caller: events were ringing, started, answered, completed, not started',
    ],
    [
      'a step too late',
      { calls: [{ steps: [{ after: 60, press: '1' }] }] },
      'steps[0]: the call ended before there was time to press',
    ],
    [
      'what never happens',
      { calls: [{ steps: [{ on: 'connected', press: '1' }] }] },
      'steps[0]: the call ended before "connected"',
    ],
    [
      'a number that nobody has',
      { calls: [{ to: '441632960000' }] },
      'The number +441632960000 is not in service.',
    ],
    [
      'a call that goes on',
      { limit: 100, application: { answer: [{ action: 'conversation', name: 'room' }] } },
      'was still up after 100 s',
    ],
    [
      'a wrong NCCO',
      { application: { answer: [{ action: 'dance' }] } },
      'the platform told the application: NCCO[0]',
    ],
    ['an error that does not come', { errors: ['no such thing'] }, 'no error event says "no such thing"'],
  ])('says so: %s', async (_what, change, failure) => {
    const { report } = await run(ready({ application: { answer: [TALK] }, calls: [{}], ...change }));
    expect(report.failures.map(({ what }) => what)).toContainEqual(expect.stringContaining(failure));
  });

  test('may expect errors', async () => {
    const { report } = await run(
      ready({ application: { answer: () => [{ action: 'dance' }] }, errors: ['NCCO[0]'], calls: [{}] }),
    );
    expect(report.failures).toEqual([]);
  });
});

describe('npm run emulator -- run', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scenario-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  function emulator(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
    const environment = { ...process.env, INIT_CWD: folder };
    return new Promise((done) => {
      const child = execFile(
        process.execPath,
        [join(root, 'emulator/main.ts'), ...args],
        { env: environment },
        (_error, output, errors) => done({ code: child.exitCode ?? -1, output, errors }),
      );
    });
  }

  test('prints what happens, writes the events, and exits with 0', async () => {
    const { code, output } = await emulator('run', join(root, TUTORIAL), '--events', 'events.json');
    expect(output).toMatch(/5\.910 s {2}Alice {12}answered\n/);
    expect(output).toContain('All as expected.');
    expect(JSON.parse(await readFile(join(folder, 'events.json'), 'utf8'))).toHaveLength(7);
    expect(code).toBe(0);
  });

  test('exits with 1 if something is not as expected', async () => {
    const scenario: Scenario = {
      application: { answer: [TALK] },
      calls: [{ expect: { caller: { status: 'busy' } } }],
    };
    await writeFile(join(folder, 'wrong.json'), JSON.stringify(scenario));
    const { code, output } = await emulator('run', 'wrong.json', '--quiet');
    expect(output).toContain('FAILED  calls[0]: caller: ended with "completed", not "busy"');
    expect(code).toBe(1);
  });

  test.each<[string, string | undefined, string[], string]>([
    ['a file that is not there', undefined, [], 'there is no such file'],
    ['no JSON', '{', [], 'is not JSON'],
    ['a wrong place', '{"calls":[{"at":"soon"}]}', [], 'scenario.json: calls[0].at: expected number'],
    ['nobody who answers', '{"calls":[{}]}', [], 'give --answer-url'],
    [
      'a wrong seed',
      '{"calls":[{}],"application":{"answer":[]}}',
      ['--seed', 'many'],
      'must be a whole number',
    ],
    ['two clocks', '{"calls":[{}]}', ['--real', '--virtual'], 'not both'],
  ])('rejects %s', async (_what, content, options, words) => {
    if (content !== undefined) await writeFile(join(folder, 'scenario.json'), content);
    const running = runCommand(['scenario.json', ...options], { INIT_CWD: folder });
    await expect(running).rejects.toThrow(words);
  });

  test.each([
    [['run', 'nothing.json'], 'there is no such file'],
    [['run', '--sneed'], "'--sneed'"],
    [['dance'], 'There is no command "dance"'],
  ])('exits with 2 and a readable message for %j', async (args, words) => {
    const { code, errors } = await emulator(...args);
    expect(errors).toContain(words);
    expect(errors).not.toContain('    at ');
    expect(code).toBe(2);
  });
});
