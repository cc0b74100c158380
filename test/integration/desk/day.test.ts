import { expect, test } from 'vitest';
import {
  agentTable,
  figureText,
  INTERVAL_COLUMNS,
  intervalTable,
  seriesOf,
} from '../../../client/wall/figures.ts';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import type { FigureCalls } from '../../../domain/api/wall-api.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { COUNT_NAMES, type Figures, type IntervalFigures, RATE_NAMES } from '../../../domain/desk/figures.ts';
import type { DeskRules } from '../../../domain/desk/rules.ts';
import type { AgentRule } from '../../../emulator/headless/agents.ts';
import type { Caller } from '../../../emulator/headless/people.ts';
import { heard, isOver } from '../../support/scenario.ts';
import { rounds } from '../../support/soak.ts';
import { startTeam, type Team } from '../../support/team.ts';

/*
 * A day of a team, made so that anyone can work out its figures on paper. All hours are alike, and each has 50 calls:
 *
 * - :00 quiet: 16 calls, one every 50 s. Each is answered after 5 s and lasts 60 s.
 * - :15 rush: 16 calls, one every 2 s. Eight are answered after 5 s, the others when these are over.
 * - :30 mixed: 8 calls that are declined, transferred, missed, held, handed over or given up, and 2 calls out.
 * - :45 lunch: 10 calls while everybody is away: 4 messages, 2 callbacks, 4 callers who give up.
 *
 * Agents ring 5 s before they answer, and wrap up for 10 s. The agent who has been idle longest is rung, so in every
 * hour the same agent gets the same call. All times in the hour are in seconds.
 */

/** In soak mode eight hours with 400 calls, otherwise one of them. */
const HOURS = rounds({ usual: 1, soak: 8 });

const AGENTS = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Frank', 'Grace', 'Henry'];

/** In the zone of this machine: the wall shows its day. */
const NINE = new Date(2026, 2, 2, 9).getTime();

const [QUIET, RUSH, MIXED, LUNCH] = [0, 900, 1800, 2700];

/** Telephones that agents call. */
const CUSTOMERS = {
  answers: '447700900801',
  ringsOn: '447700900802',
  first: '447700900803',
  second: '447700900804',
};

const rules = (given: DeskRules): DeskRules => ({
  ...given,
  queues: Object.fromEntries(
    Object.entries(given.queues).map(([name, queue]) => [
      name,
      { ...queue, callback: true, longestWait: 180, ringSeconds: 20, wrapUpSeconds: 10 },
    ]),
  ),
  outbound: { countries: [], prefixes: ['4477'], except: [] },
});

/** An hour of the team. All times are seconds since it began. */
interface Hour {
  at(second: number, act: () => unknown): void;
  calls(
    second: number,
    call: { until?: number; from?: string; meanwhile?: (caller: Caller) => unknown },
  ): void;
  /** What an agent does with the next call, instead of answering it after 5 s. */
  once(agent: string, rule: AgentRule): void;
  dials(agent: string, to: string): Caller;
  chooses(agent: string, choice: 'available' | 'away'): Promise<void>;
  controls(agent: string, caller: Caller, control: object): Promise<void>;
  leavesMessage(caller: Caller): Promise<void>;
}

function quiet({ calls }: Hour): void {
  for (let n = 0; n < 16; n += 1) calls(QUIET + 50 * n, { until: QUIET + 50 * n + 65 });
}

/** The agent of call n is free again 75 s after it came, and takes call n + 8, which came 16 s after call n. */
function rush({ calls }: Hour): void {
  for (let n = 0; n < 8; n += 1) {
    calls(RUSH + 2 * n, { until: RUSH + 2 * n + 65 });
    calls(RUSH + 2 * n + 16, { until: RUSH + 2 * n + 75 + 65 });
  }
}

function mixed({ at, calls, once, dials, controls }: Hour): void {
  const declined = MIXED;
  at(declined - 1, () => once('Alice', { does: 'reject', after: 2 }));
  calls(declined, { until: declined + 67 });

  const transferred = MIXED + 100;
  calls(transferred, {
    until: transferred + 60,
    meanwhile: (caller) =>
      at(transferred + 25, () => controls('Alice', caller, { action: 'transfer', to: { agent: 'Carol' } })),
  });

  const missed = MIXED + 200;
  at(missed - 1, () => once('Dave', { does: 'ring' }));
  calls(missed, { until: missed + 85 });

  const held = MIXED + 300;
  calls(held, {
    until: held + 65,
    meanwhile(caller) {
      at(held + 25, () => controls('Dave', caller, { action: 'hold' }));
      at(held + 45, () => controls('Dave', caller, { action: 'resume' }));
    },
  });

  const handedOver = MIXED + 400;
  calls(handedOver, {
    until: handedOver + 70,
    meanwhile(caller) {
      at(handedOver + 25, () => controls('Frank', caller, { action: 'consult', to: { agent: 'Grace' } }));
      at(handedOver + 35, () => controls('Frank', caller, { action: 'merge' }));
      at(handedOver + 40, () => controls('Frank', caller, { action: 'complete' }));
    },
  });

  calls(MIXED + 500, { until: MIXED + 565 });

  for (const [second, patience] of [
    [MIXED + 600, 3],
    [MIXED + 620, 8],
  ] as const) {
    at(second - 1, () => once('Bob', { does: 'ring' }));
    calls(second, { until: second + patience });
  }

  at(MIXED + 700, () => dials('Alice', CUSTOMERS.answers));
  at(MIXED + 800, () => {
    const leg = dials('Erin', CUSTOMERS.ringsOn);
    at(MIXED + 810, leg.hangUp);
  });
}

function lunch({ at, calls, chooses, leavesMessage }: Hour): void {
  for (const agent of AGENTS) at(LUNCH, () => chooses(agent, 'away'));
  // Two ask to leave a message, two are sent there after 180 s.
  for (const second of [LUNCH + 10, LUNCH + 20]) {
    calls(second, {
      meanwhile(caller) {
        at(second + 18, () => caller.press('2'));
        return leavesMessage(caller);
      },
    });
  }
  for (const second of [LUNCH + 30, LUNCH + 40]) calls(second, { meanwhile: leavesMessage });
  for (const [second, from] of [
    [LUNCH + 50, CUSTOMERS.first],
    [LUNCH + 60, CUSTOMERS.second],
  ] as const) {
    calls(second, { from, meanwhile: (caller) => at(second + 18, () => caller.press('1')) });
  }
  calls(LUNCH + 100, { until: LUNCH + 103 });
  for (const second of [LUNCH + 110, LUNCH + 120, LUNCH + 130]) calls(second, { until: second + 30 });

  // Alice and Bob are back first and make the two callbacks. The others follow when these are over.
  for (const [index, agent] of AGENTS.entries()) {
    at(LUNCH + (index < 2 ? 420 : 480) + index, () => chooses(agent, 'available'));
  }
}

const NOBODY = { shortAbandoned: 0, overflowed: 0, callback: 0, lost: 0, waiting: 0 };

/** What each quarter of an hour must count. */
const QUARTERS: readonly Omit<IntervalFigures, 'at'>[] = [
  {
    ...{ ...NOBODY, offered: 16, answered: 16, abandoned: 0, answeredInTime: 16, handled: 16 },
    waitSeconds: 80, // 16 × 5
    handleSeconds: 1120, // 16 × (60 + 10)
    idleSeconds: 6000, // 8 × 900 − 1120 − 16 × 5 of ringing
    ...{ offers: 16, notTaken: 0, endedByCaller: 0 },
  },
  {
    ...{ ...NOBODY, offered: 16, answered: 16, abandoned: 0, answeredInTime: 8, handled: 16 },
    waitSeconds: 552, // 8 × 5 + 8 × (75 − 16 + 5)
    handleSeconds: 1120,
    idleSeconds: 6000,
    ...{ offers: 16, notTaken: 0, endedByCaller: 0 },
  },
  {
    ...{ ...NOBODY, offered: 8, answered: 6, abandoned: 2, shortAbandoned: 1 },
    answeredInTime: 5, // All but the one that Dave missed.
    waitSeconds: 52, // declined 2 + 5, transferred 5, missed 20 + 5, held 5, handed over 5, plain 5
    handled: 9, // Six calls, two of them by two agents, and one call out.
    handleSeconds: 495, // Talk: 60, 20 + 30, 60, 60, 35 + 40, 60 and 40 out = 405. Nine wrap-ups.
    idleSeconds: 6617, // 7200 − 495 − 88 of ringing: 2 + 5, 5 + 5, 20 + 5, 5, 5 + 5, 5, 3, 8, and 5 + 10 out.
    offers: 11, // One each, one more where it is declined, transferred or missed. A consultation is none.
    notTaken: 4, // Declined, missed, given up twice.
    endedByCaller: 2,
  },
  {
    ...{ ...NOBODY, offered: 10, answered: 0, abandoned: 4, shortAbandoned: 1, overflowed: 4, callback: 2 },
    ...{ answeredInTime: 0, waitSeconds: 0 },
    handled: 2, // The callbacks.
    handleSeconds: 100, // 2 × (40 + 10)
    // Available for 480, 479, 418, 417, 416, 415, 414, 413 = 3452; without 2 × (5 + 5 of ringing + 40 + 10).
    idleSeconds: 3332,
    ...{ offers: 2, notTaken: 0, endedByCaller: 0 },
  },
];

/** What an hour must count. */
const COUNTS = {
  ...{ offered: 50, answered: 38, abandoned: 6, shortAbandoned: 2 },
  ...{ overflowed: 4, callback: 2, lost: 0, waiting: 0 },
};

/** What the cards of the wall must say. */
const CARDS = {
  serviceLevel: '63%', // (16 + 8 + 5) ÷ (38 answered + 6 abandoned − 2 short + 4 overflowed) = 29 ÷ 46
  asa: '0:18', // (80 + 552 + 52) ÷ 38
  abandonRate: '8%', // (6 − 2) ÷ (50 − 2)
  aht: '1:06', // (1120 + 1120 + 495 + 100) ÷ (16 + 16 + 9 + 2) = 65.9
  occupancy: '11%', // 2835 ÷ (2835 + 6000 + 6000 + 6617 + 3332)
  nonResponse: '9%', // 4 ÷ (16 + 16 + 11 + 2)
  nonResponseWithoutCallers: '5%', // (4 − 2) ÷ (45 − 2)
} as const;

/** What the chart of the service level must show: Mixed is 5 ÷ (6 + 2 − 1), and nobody is answered at lunch. */
const SERVICE_LEVELS = [1, 0.5, 5 / 7, 0];

/** The first row of the wall's table. Occupancy is 1120 ÷ 7120. */
const FIRST_ROW = {
  ...{ ...NOBODY, offered: 16, answered: 16, abandoned: 0 },
  ...{ serviceLevel: 1, asa: 5, abandonRate: 0, aht: 70, occupancy: 0.157 },
  ...{ nonResponse: 0, nonResponseWithoutCallers: 0 },
};

/**
 * What an hour of each agent must count: calls handled, seconds of talk, wrap-up and idleness, offers, of them declined
 * and missed. Quiet and Rush are the same for all: four calls with 240 of talk, idle for 2 × (900 − 2 × 75) = 1500.
 */
const AGENT_HOURS = [
  // Mixed: 20 of the transferred call, 40 out, rung for 2 + 5 + 5. Lunch: a callback of 40.
  ['Alice', 7, 240 + 60 + 40, 70, 1500 + 808 + 420, 4 + 2 + 1, 1, 0],
  // Mixed: the declined call, rung for 5, and for 3 and 8 by those who give up. Lunch: a callback.
  ['Bob', 6, 240 + 60 + 40, 60, 1500 + 814 + 419, 4 + 3 + 1, 0, 0],
  // Mixed: the transferred call after 20.
  ['Carol', 5, 240 + 30, 50, 1500 + 855 + 418, 4 + 1, 0, 0],
  // Mixed: rung for 20 by the call that he misses, then the held one.
  ['Dave', 5, 240 + 60, 50, 1500 + 805 + 417, 4 + 2, 0, 1],
  // Mixed: the call that Dave missed; 10 for the call out that nobody answers.
  ['Erin', 5, 240 + 60, 50, 1500 + 815 + 416, 4 + 1, 0, 0],
  // Mixed: 35 of the call that is handed over.
  ['Frank', 5, 240 + 35, 50, 1500 + 850 + 415, 4 + 1, 0, 0],
  // Mixed: talks to Frank for 10, and to the caller for 30.
  ['Grace', 5, 240 + 40, 50, 1500 + 845 + 414, 4, 0, 0],
  // Mixed: the plain call.
  ['Henry', 5, 240 + 60, 50, 1500 + 825 + 413, 4 + 1, 0, 0],
] as const;

/** Lets an hour begin. What goes wrong in it is added to `faults`. */
function createHour(team: Team, begin: number, orders: Map<string, AgentRule>, faults: unknown[]): Hour {
  const { world, clock } = team.platform;

  function at(second: number, act: () => unknown): void {
    world.after(begin + second * 1000 - world.now(), () => {
      void (async () => act())().catch((fault: unknown) => faults.push(fault));
    });
  }

  async function ask(method: string, path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const asked = fetch(`${team.url}${path}`, { method, headers, body: JSON.stringify(body) });
    const answer = await clock.during(asked.then(async ({ ok, status }) => ({ ok, status })));
    if (!answer.ok) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${answer.status}`);
  }

  return {
    at,
    calls(second, { until, from, meanwhile = () => {} }) {
      at(second, () => {
        const caller = team.call({ from: from ?? `4479110${String(team.callers.length).padStart(5, '0')}` });
        if (until !== undefined) at(until, caller.hangUp);
        return meanwhile(caller);
      });
    },
    once: (agent, rule) => void orders.set(agent, rule),
    dials: (agent, to) => taught(team, agent, orders)({ to }),
    chooses: (agent, choice) => ask('PUT', '/api/choice', { agent, choice }),
    controls: (agent, { leg }, control) =>
      ask('POST', `/api/desk/calls/${leg.uuid}/control`, { agent, ...control }),
    async leavesMessage(caller) {
      while (!heard(team, caller).includes('tone')) await team.wait(2);
      caller.say('Please call me back.');
      await team.wait(5);
      caller.hangUp();
    },
  };
}

/** Lets an agent answer after 5 s, unless there is an order. Returns how she dials. */
function taught(team: Team, agent: string, orders: Map<string, AgentRule>) {
  const { dial } = team.platform.agent(agent);
  team.treats(agent, () => {
    const order = orders.get(agent);
    orders.delete(agent);
    return order ?? { does: 'answer', after: 5 };
  });
  return dial;
}

/** The customers’ telephones, and the agents at their pages. */
async function prepare(team: Team, orders: Map<string, AgentRule>): Promise<void> {
  const { answers, ringsOn, first, second } = CUSTOMERS;
  for (const number of [answers, first, second])
    team.platform.phone(number, { does: 'answer', after: 5, hangUpAfter: 40 });
  team.platform.phone(ringsOn, { does: 'ring' });
  for (const agent of AGENTS) {
    taught(team, agent, orders);
    // Open all day: a real page beats each three seconds.
    const page = { tab: `tab of ${agent}`, line: 'up', sound: 'on', microphone: 'ready' } as const;
    await team.desk.tell({ kind: 'page seen', agent, page, until: NINE + 86_400_000 });
  }
}

test(`the figures of ${HOURS} h of a team are those worked out on paper`, { timeout: 600_000 }, async () => {
  await using team = await startTeam({ agents: AGENTS, start: NINE - 3_600_000, rules });
  const { clock, world } = team.platform;
  const orders = new Map<string, AgentRule>();
  const faults: unknown[] = [];
  await clock.during(prepare(team, orders));
  for (let index = 0; index < HOURS; index += 1) {
    const hour = createHour(team, NINE + index * 3_600_000, orders, faults);
    for (const block of [quiet, rush, mixed, lunch]) block(hour);
  }
  const end = NINE + HOURS * 3_600_000;
  await team.wait((end - world.now()) / 1000);
  expect(faults).toEqual([]);
  await team.until('all calls are over', isOver(team), 1);

  async function read<T>(path: string): Promise<T> {
    const text = fetch(`${team.url}${path}`).then((answer) => answer.text());
    return JSON.parse(await clock.during(text));
  }
  const figures = await read<Figures>(`/api/figures?from=${NINE}&to=${end}`);
  const quarters = Array.from({ length: HOURS }, () => QUARTERS).flat();
  expect(figures.intervals).toHaveLength(quarters.length);
  const events = await team.events();
  for (const [index, interval] of figures.intervals.entries()) {
    const at = NINE + index * 900_000;
    expect(inWholeSeconds(interval), courseOf(events, at)).toEqual({ at, ...quarters[index] });
  }
  for (const name of COUNT_NAMES) {
    const { total } = await read<FigureCalls>(`/api/figures/calls?figure=${name}&from=${NINE}&to=${end}`);
    expect([name, figures[name], total]).toEqual([name, COUNTS[name] * HOURS, COUNTS[name] * HOURS]);
  }
  // The one who answers hangs up after 40 s.
  expect(figures.outbound).toEqual({ dialed: 2 * HOURS, answered: HOURS, talkSeconds: 40 * HOURS });
  expect(await read<VoicemailView[]>('/api/voicemails')).toHaveLength(4 * HOURS);

  // What the wall makes of it.
  const { offered, answered, overflowed } = await read<Figures>('/api/figures?day=0');
  expect([offered, answered, overflowed]).toEqual([figures.offered, figures.answered, figures.overflowed]);
  for (const name of RATE_NAMES) expect(figureText(name, figures[name], 'en-GB'), name).toBe(CARDS[name]);
  const { times, values } = seriesOf(
    { today: figures, yesterday: null, lastWeek: null },
    'serviceLevel',
    end,
  );
  expect(times).toHaveLength(4 * HOURS);
  expect(values.today).toEqual(Array.from({ length: HOURS }, () => SERVICE_LEVELS).flat());
  const [, [time, ...cells] = []] = intervalTable(figures, []);
  expect(time).toBe('2026-03-02 09:00');
  for (const [index, name] of INTERVAL_COLUMNS.entries())
    expect(cells[index], name).toBeCloseTo(FIRST_ROW[name], 3);
  const [, ...agents] = agentTable(figures, []);
  expect(agents).toEqual(
    AGENT_HOURS.map(([name, ...counts]) => [name, ...counts.map((count) => count * HOURS)]),
  );
});

/** What the desk did in the quarter of an hour from a time, a line each: where it went another way than on paper. */
function courseOf(events: readonly DeskEvent[], from: number): string {
  return events
    .filter(({ at, kind }) => at >= from && at < from + 900_000 && kind !== 'turn')
    .map((event) => {
      const agent = 'agent' in event ? event.agent : '';
      const call = 'call' in event ? event.call.slice(0, 6) : '';
      return `${(event.at - from) / 1000} s: ${event.kind} ${agent} ${call}`;
    })
    .join('\n');
}

/** The desk's own times are whole milliseconds. */
function inWholeSeconds(interval: IntervalFigures): IntervalFigures {
  const { waitSeconds, handleSeconds, idleSeconds } = interval;
  return {
    ...interval,
    waitSeconds: Math.round(waitSeconds),
    handleSeconds: Math.round(handleSeconds),
    idleSeconds: Math.round(idleSeconds),
  };
}
