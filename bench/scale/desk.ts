import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TestPostgres } from '../../test/support/postgres.ts';
import { endWithThis } from '../servers.ts';
import { processorTime, watchDatabase } from './machine.ts';
import { row, titles } from './table.ts';

const SECONDS = 10;
const WARM_UP = 3;
/** Calls at a time, of all processes together. */
const LINES = 24;

/** Whole calls through the desk: how many matches a second, for some sizes of the team. */
export async function measureDesk(postgres: TestPostgres, counts: readonly number[]): Promise<void> {
  console.log('\nThe desk: whole calls, each a match, without HTTP and without Vonage’s limits');
  console.log(
    '(per call: arrival, match, offer, answer, move to the agent, both ends; some ten transactions)',
  );
  for (const agents of [10, 100, 1_000]) {
    titles(`${agents} agents`, 'calls/s');
    for (const count of counts) await measure(await postgres.createDatabase(), count, agents);
  }
}

async function measure(databaseUrl: string, count: number, agents: number): Promise<void> {
  const lines = Math.floor(Math.min(LINES, agents / 2) / count) || 1;
  const children: ChildProcess[] = [];
  // One after the other: they bring the same tables up to date.
  for (let index = 0; index < count; index += 1) {
    const args = [databaseUrl, String(agents), String(lines), `p${index}`];
    const child = fork(resolve(import.meta.dirname, 'desk-process.ts'), args, { execArgv: [] });
    endWithThis(child);
    await once(child, 'message');
    children.push(child);
  }
  await ask(children[0], 'open');
  for (const child of children) child.send('start');
  await wait(WARM_UP * 1000);
  const total = async () => {
    const all: { calls: number; failed: number }[] = await Promise.all(
      children.map((child) => ask(child, 'count')),
    );
    return all.reduce((sum, each) => ({ calls: sum.calls + each.calls, failed: sum.failed + each.failed }));
  };
  const servers = () => children.reduce((sum, { pid = 0 }) => sum + processorTime(pid), 0);
  const watch = await watchDatabase(databaseUrl);
  const [before, processorBefore, own] = [await total(), servers(), process.cpuUsage()];
  const began = performance.now();
  await wait(SECONDS * 1000);
  const after = await total();
  const seconds = (performance.now() - began) / 1000;
  const processor = servers() - processorBefore;
  const { user, system } = process.cpuUsage(own);
  const database = await watch.stop();
  const done = after.calls - before.calls;
  row({
    count,
    done,
    seconds,
    servers: processor,
    load: (user + system) / 1e6,
    database,
    failed: after.failed,
  });
  await Promise.all(
    children.map((child) => {
      const ended = once(child, 'exit');
      child.send('stop');
      return ended;
    }),
  );
}

async function ask(child: ChildProcess | undefined, what: string) {
  if (child === undefined) throw new Error('There is no process to ask.');
  const answer = once(child, 'message');
  child.send(what);
  const [message] = await answer;
  return message;
}
