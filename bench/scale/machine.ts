import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** Clock ticks of /proc in a second. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface ProcessStat {
  parent: number;
  /** Seconds of processor time, and those of children that have ended. */
  own: number;
  children: number;
}

function statOf(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name of the program, in parentheses, may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return { parent: at(1), own: (at(11) + at(12)) / TICKS, children: (at(13) + at(14)) / TICKS };
}

/** Seconds of processor time that a process has used, all threads. */
export function processorTime(pid: number): number {
  return statOf(pid)?.own ?? 0;
}

/** The same of a process and its children, living or not. */
function processorTimeOfFamily(pid: number): number {
  const root = statOf(pid);
  const living = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)));
  const children = living.filter((stat) => stat?.parent === pid);
  return (root?.own ?? 0) + (root?.children ?? 0) + children.reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
}

/** Seconds for which the cores of this machine have worked, whatever for. */
function machineTime(): number {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

/** Resident memory of a process in megabytes. */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** What a database did in a span of time. */
export interface DatabaseWork {
  /** Seconds of processor time. */
  processor: number;
  /** Seconds of processor time of everything on this machine. */
  machine: number;
  commits: number;
  /** What its connections did when looked at, most frequent first: shares of the looks in which one was at work. */
  doings: readonly { what: string; share: number }[];
}

/** Milliseconds between two looks at the connections. */
const LOOK_MS = 20;

/** What each connection of the database does that is in a transaction. */
const DOINGS = `select coalesce(wait_event_type || ': ' || wait_event, 'runs') as what, count(*)::int as count
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'
  group by 1`;

const COMMITS = 'select xact_commit::int as commits from pg_stat_database where datname = current_database()';

/** Watches a database of this machine until `stop`, which resolves with what it did. */
export async function watchDatabase(url: string): Promise<{ stop(): Promise<DatabaseWork> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const main = statOf(rows[0]?.pid ?? 0)?.parent ?? 0;
  const counts = new Map<string, number>();
  const commitsNow = async () => (await client.query<{ commits: number }>(COMMITS)).rows[0]?.commits ?? 0;
  const before = {
    machine: machineTime(),
    processor: processorTimeOfFamily(main),
    commits: await commitsNow(),
  };
  let looks = 0;
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(async () => {
      const found = await client.query<{ what: string; count: number }>(DOINGS);
      looks += 1;
      for (const { what, count } of found.rows) counts.set(what, (counts.get(what) ?? 0) + count);
    });
  }, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      const processor = processorTimeOfFamily(main) - before.processor;
      const machine = machineTime() - before.machine;
      // Of the looks themselves, each is one.
      const commits = (await commitsNow()) - before.commits - looks;
      await client.end();
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const doings = [...counts].map(([what, count]) => ({ what, share: count / all }));
      return { processor, machine, commits, doings: doings.toSorted((a, b) => b.share - a.share) };
    },
  };
}
