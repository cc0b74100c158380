import type { WallCall, WallQueue, WallView } from '../../../domain/api/wall-api.ts';
import {
  type Agent,
  type Desk,
  type DeskCall,
  isOpen,
  lineOf,
  type Reservation,
} from '../../../domain/desk/desk.ts';
import { isOpenAt } from '../../../domain/desk/hours.ts';
import { inOrder, unringable } from '../../../domain/desk/matching.ts';
import type { DeskRules, QueueRules } from '../../../domain/desk/rules.ts';
import { viewAgent, viewCall } from './view.ts';

/** The desk as the supervisors' wall shows it. */
export function viewWall(
  desk: Desk,
  rules: DeskRules,
  agents: readonly string[],
  voicemails: WallView['voicemails'],
  now: number,
): WallView {
  const present = agents.flatMap((name) => desk.agents.get(name) ?? []);
  const waiting = inOrder(desk, rules, now);
  const waits = new Set(waiting.map(({ id }) => id));
  const others = [...desk.calls.values()]
    .filter(({ id, stage }) => stage !== 'ended' && !waits.has(id))
    .sort((a, b) => a.enteredAt - b.enteredAt);
  const places = new Map<string, number>();
  function view(call: DeskCall): WallCall {
    const { id, from, queue, state, agent, since, callerHears, heldSince, holdWarning, members } = viewCall(
      desk,
      call,
      now,
      null,
    );
    const place = waits.has(id) ? (places.get(queue) ?? 0) + 1 : null;
    if (place !== null) places.set(queue, place);
    return {
      id,
      kind: call.kind,
      from,
      queue,
      state,
      agent,
      since,
      waitingSince: call.enqueuedAt,
      place,
      callerHears,
      heldSince,
      holdWarning,
      supervisors: members.filter(({ as }) => as === 'supervisor'),
    };
  }
  const open = new Map<string, Reservation>();
  for (const each of desk.reservations.values()) if (isOpen(each)) open.set(each.agent, each);
  const isReady = (agent: Agent) => unringable(agent, open.get(agent.name), now) === null;
  return {
    now,
    agents: present.map((agent) => viewAgent(desk, agent, now)),
    queues: Object.values(rules.queues).map((queue) => viewQueue(queue, waiting, present, isReady, now)),
    calls: [...waiting, ...others].map(view),
    voicemails,
  };
}

function viewQueue(
  queue: QueueRules,
  waiting: readonly DeskCall[],
  present: readonly Agent[],
  isReady: (agent: Agent) => boolean,
  now: number,
): WallQueue {
  const members = new Set(queue.agents);
  const agents = present.filter(({ name }) => members.has(name));
  const own = waiting.filter((call) => call.queue === queue.name);
  const callers = own.filter(({ kind }) => kind === 'inbound');
  const isOpenNow = queue.hours === null || isOpenAt(queue.hours, now);
  return {
    name: queue.name,
    agents: agents.map(({ name }) => name),
    ready: agents.filter(isReady).length,
    waiting: callers.length,
    callbacks: own.length - callers.length,
    waitingSince: callers.length === 0 ? null : Math.min(...callers.map(({ enqueuedAt }) => enqueuedAt)),
    longestWaitSeconds: queue.longestWait,
    unattendedSince: isOpenNow ? unattendedSince(agents, now) : null,
  };
}

/** Since when none of these agents is there and available; 0: there are none; null: one is. */
function unattendedSince(agents: readonly Agent[], now: number): number | null {
  let since = 0;
  for (const agent of agents) {
    const isDown = lineOf(agent, now) === 'down';
    const isAvailable = agent.chosen.choice === 'available';
    if (!isDown && isAvailable) return null;
    since = Math.max(
      since,
      Math.min(isDown ? agent.lineSince || agent.chosenAt : now, isAvailable ? now : agent.chosenAt),
    );
  }
  return since;
}
