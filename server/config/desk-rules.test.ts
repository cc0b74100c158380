import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { emptyFolder } from '../testing.ts';
import { openDeskRules } from './desk-rules.ts';

const basis = { greeting: 'Please wait.', language: 'en-GB' };

/** A desk file, watched on a clock of its own. @param text null: there is no file yet */
function scene(text: string | null) {
  const file = join(emptyFolder(), 'desk.yaml');
  if (text !== null) writeFileSync(file, text);
  let timers: { at: number; fn: () => void }[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    during: (work) => work,
  };
  /** `known`: whom the file may name. `agents`: who takes calls. */
  const team = { known: ['Alice'], agents: ['Alice'] };
  const printed: string[] = [];
  const changes: string[] = [];
  const print = (line: string) => void printed.push(line);
  const rules = openDeskRules({
    ...(text === null ? { file: undefined, laterFile: file } : { file }),
    basis: () => ({ ...basis, agents: team.known }),
    isAgent: (name) => team.agents.includes(name),
    clock,
    onChange: (name) => void changes.push(name),
    note: print,
    warning: print,
  });
  return {
    file,
    team,
    printed,
    /** Those that the audit trail tells of. */
    changes,
    rules,
    ringSeconds: () => rules.current().rules.queues.main?.ringSeconds,
    timers: () => timers.length,
    pass(seconds: number) {
      const end = now + seconds * 1000;
      for (let next = timers[0]; next !== undefined && next.at <= end; next = timers[0]) {
        timers.shift();
        now = next.at;
        next.fn();
      }
      now = end;
    },
  };
}

const ring = (seconds: number | string) => `queues:\n  main:\n    ringSeconds: ${seconds}\n`;

it('without a file the built-in rules are in force, and a file is taken up when it is there', () => {
  const at = scene(null);
  at.pass(10);
  at.team.agents = [];
  at.rules.refresh();
  expect(at.rules.current().rules.queues.main?.agents).toEqual([]);
  expect(at.printed).toEqual([]);
  writeFileSync(at.file, 'queues: [');
  at.pass(5);
  expect(at.printed).toEqual([expect.stringContaining('The desk file is wrong')]);
  writeFileSync(at.file, ring(15));
  at.pass(5);
  expect(at.ringSeconds()).toBe(15);
  expect(at.printed.slice(1)).toEqual([`The rules of ${at.file} are in force.`]);
  rmSync(at.file);
  at.pass(5);
  expect(at.ringSeconds()).toBe(15);
});

it('a changed file is taken up within five seconds', () => {
  const at = scene(ring(10));
  const before = at.rules.fingerprint();
  at.pass(60);
  expect(at.printed).toEqual([]);
  writeFileSync(at.file, ring(15_000 / 1000));
  at.pass(5);
  expect(at.ringSeconds()).toBe(15);
  expect(at.rules.fingerprint()).not.toBe(before);
  expect(at.printed).toEqual([`The rules of ${at.file} are in force.`]);
  expect(at.changes).toEqual([at.file]);
});

it('people who come and go do not count as a change of the rules, and one that comes with them does', () => {
  const at = scene(ring(10));
  at.team.known = at.team.agents = ['Alice', 'Bob'];
  at.rules.refresh();
  at.pass(10);
  expect(at.rules.current().rules.queues.main?.agents).toEqual(['Alice', 'Bob']);
  expect(at.changes).toEqual([]);
  writeFileSync(at.file, ring(15_000 / 1000));
  at.team.known = at.team.agents = ['Alice', 'Bob', 'Carol'];
  at.rules.refresh();
  at.pass(10);
  expect(at.changes).toEqual([at.file]);
});

it('a file that an editor replaces is taken up', () => {
  const at = scene(ring(10));
  writeFileSync(`${at.file}.new`, ring(25));
  renameSync(`${at.file}.new`, at.file);
  at.pass(5);
  expect(at.ringSeconds()).toBe(25);
});

it('a wrong file leaves the rules in force and says so once, until it is right again', () => {
  const at = scene(ring(10));
  writeFileSync(at.file, ring('soon'));
  at.pass(60);
  expect(at.ringSeconds()).toBe(10);
  expect(at.printed).toEqual([
    `The desk file is wrong, so the rules before remain in force:\n  - ${at.file}:3 queues.main.ringSeconds must be a whole number of seconds from 5 to 60, but is "soon"`,
  ]);
  writeFileSync(at.file, `# Repaired.\n${ring(10)}`);
  at.pass(5);
  expect(at.printed.at(-1)).toBe(`${at.file} is right again. The rules are the same as before.`);
});

it('a file that is removed leaves the rules in force, and is read when it is back', () => {
  const at = scene(ring(10));
  rmSync(at.file);
  at.pass(10);
  expect(at.ringSeconds()).toBe(10);
  expect(at.printed).toEqual([expect.stringContaining(`${at.file} does not exist`)]);
  writeFileSync(at.file, ring(30));
  at.pass(5);
  expect(at.ringSeconds()).toBe(30);
});

it('a file that is still being written is not read', () => {
  const at = scene(ring(10));
  for (let size = 1; size < 10; size += 1) {
    writeFileSync(at.file, `${ring(30)}${'#'.repeat(size)}`);
    at.pass(2);
  }
  expect(at.ringSeconds()).toBe(10);
  at.pass(4);
  expect(at.ringSeconds()).toBe(30);
});

it('a file that is wrong from the beginning is an error', () => {
  expect(() => scene(ring('soon'))).toThrow(
    /^The desk file is wrong:\n {2}- .+:3 queues\.main\.ringSeconds must be/,
  );
});

it('watches no longer once it is closed', () => {
  const at = scene(ring(10));
  at.rules.close();
  expect(at.timers()).toBe(0);
});

it('rings only those who take calls now, and takes up who was added or removed', () => {
  const { rules, team, printed } = scene('queues:\n  main: {}\n  vip:\n    agents: [Alice]\n');
  const agents = () => Object.values(rules.current().rules.queues).map((queue) => queue.agents);
  expect(agents()).toEqual([['Alice'], ['Alice']]);
  team.known = ['Alice', 'Bob'];
  team.agents = ['Bob'];
  rules.refresh();
  // The file still names Alice, which is no fault.
  expect(agents()).toEqual([['Bob'], []]);
  expect(printed).toHaveLength(1);
  rules.close();
});
