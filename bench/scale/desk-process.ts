import { builtInRules } from '../../domain/desk/built-in.ts';
import type { DeskFact } from '../../domain/desk/events.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { createDesk } from '../../server/routing/desk/desk.ts';
import { openClock } from '../../server/store/shared-clock.ts';
import { openStore } from '../../server/store/store.ts';
import { tables } from '../../server/tables.ts';
import type { VonageApi } from '../../server/vonage/vonage.ts';

/**
 * The desk of one of several servers, without HTTP: it is told of whole calls, one after the other on each line, and its
 * platform is neither slow nor limited. Arguments: the database, the number of agents of the desk, the number of lines,
 * and how the ids of its calls begin. Its parent sends `open` to one process, `start` to each, `count` for the calls that
 * came to their end, and `stop`.
 */
const [, , databaseUrl = '', agentCount = '', lineCount = '', prefix = ''] = process.argv;
const agents = Array.from({ length: Number(agentCount) }, (_, index) => `agent-${index}`);
const rules = builtInRules(agents, 'Please wait.', 'en');
const queues = Object.entries(rules.queues).map(([name, queue]) => [name, { ...queue, wrapUpSeconds: 0 }]);

const store = await openStore({ databaseUrl, dataDir: '/nonexistent', tables, log: () => {} });
const clock = await openClock(store);
const desk = createDesk({
  store,
  clock,
  agents: () => agents,
  rules: () => ({ ...rules, queues: Object.fromEntries(queues) }),
  craft: () => ({ base: 'http://127.0.0.1:9', language: undefined, texts: ENGLISH }),
  pace: { calls: 1e9, others: 1e9 },
  log: () => {},
});

/** Milliseconds after which somebody calls again who could not. */
const AGAIN_MS = 100;

let isOn = false;
let begun = 0;
let calls = 0;
let failed = 0;

/** Resolves with whether the desk could be told. */
async function tell(fact: DeskFact): Promise<boolean> {
  try {
    await desk.tell(fact);
    return true;
  } catch {
    failed += 1;
    return false;
  }
}

/** Somebody calls. The id of the leg is that of the call. */
async function call(): Promise<void> {
  begun += 1;
  const leg = `${prefix}-${begun}`;
  const from = `44770${String(begun).padStart(7, '0')}`;
  const isThere = await tell({ kind: 'call arrived', leg, from, to: '442038297050', regionUrl: null });
  if (!isThere && isOn) setTimeout(call, AGAIN_MS);
}

/** The caller is with the agent, and hangs up; somebody else takes the line. */
async function meetAndPart(leg: string): Promise<void> {
  await tell({ kind: 'next asked', call: leg, leg });
  await tell({ kind: 'caller ended', call: leg, hungUp: true });
  calls += 1;
  if (isOn) void call();
}

/** A platform whose agents answer at once. Any server may be the one that sends the next request of a call. */
const done = { is: 'done', leg: null } as const;
const OF_AGENT = 'leg-of-';
const vonage: VonageApi = {
  ensureUser: async () => {},
  userToken: () => '',
  callState: async () => undefined,
  async createCall({ to, answerUrl }) {
    const reservation = answerUrl.slice(answerUrl.lastIndexOf('/') + 1);
    const leg = OF_AGENT + reservation;
    if (to.type === 'app') void tell({ kind: 'agent answered', reservation, leg, user: to.user });
    return { is: 'done', leg };
  },
  async transferCall(leg) {
    void meetAndPart(leg);
    return done;
  },
  async hangUpCall(leg) {
    const reservation = leg.slice(OF_AGENT.length);
    void tell({ kind: 'agent leg', reservation, leg, is: 'ended by the platform' });
    return done;
  },
  talk: async () => done,
  findCalls: async () => [],
  download: async () => undefined,
  isReachable: async () => true,
};

process.on('message', async (message) => {
  if (message === 'open') {
    const until = clock.now() + 3_600_000;
    const page = { tab: 'tab', line: 'up', sound: 'on', microphone: 'ready' } as const;
    const chosen = { choice: 'available', reason: null } as const;
    await desk.tell(
      ...agents.flatMap((agent) => [
        { kind: 'chose', agent, chosen, after: 'now' } as const,
        { kind: 'page seen', agent, page, until } as const,
      ]),
    );
    process.send?.('opened');
  } else if (message === 'start') {
    isOn = true;
    for (let line = 0; line < Number(lineCount); line += 1) void call();
  } else if (message === 'count') {
    process.send?.({ calls, failed });
  } else {
    isOn = false;
    await desk.close();
    await clock.close();
    await store.close();
    process.disconnect();
  }
});
await desk.start(vonage);
process.send?.('ready');
