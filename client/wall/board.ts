import type { AgentView } from '../../domain/api/desk-api.ts';
import type { WallCall, WallView } from '../../domain/api/wall-api.ts';
import type { Tone } from '../../ui/page-frame.tsx';

/** What an agent is shown to be in: the first that applies of line, load and choice. */
export type AgentState =
  | 'lost in call'
  | 'connection lost'
  | 'cannot ring'
  | 'no answer'
  | 'ringing'
  | 'holding'
  | 'consulting'
  | 'talking'
  | 'supervising'
  | 'wrap-up'
  | 'ready'
  | 'away'
  | 'offline'
  | 'not connected';

/** By what agents can be filtered. */
export type AgentGroup = 'trouble' | 'ringing' | 'busy' | 'wrap-up' | 'ready' | 'away' | 'offline';

export const AGENT_GROUPS: readonly AgentGroup[] = [
  'trouble',
  'ringing',
  'busy',
  'wrap-up',
  'ready',
  'away',
  'offline',
];

/** In the order of the list: what needs somebody comes first. */
const STATES: Readonly<Record<AgentState, { group: AgentGroup; tone: Tone }>> = {
  'lost in call': { group: 'trouble', tone: 'end' },
  'connection lost': { group: 'trouble', tone: 'end' },
  'cannot ring': { group: 'trouble', tone: 'trouble' },
  'no answer': { group: 'trouble', tone: 'trouble' },
  ringing: { group: 'ringing', tone: 'calling' },
  holding: { group: 'busy', tone: 'trouble' },
  consulting: { group: 'busy', tone: 'neutral' },
  talking: { group: 'busy', tone: 'neutral' },
  supervising: { group: 'busy', tone: 'neutral' },
  'wrap-up': { group: 'wrap-up', tone: 'neutral' },
  ready: { group: 'ready', tone: 'ready' },
  away: { group: 'away', tone: 'neutral' },
  offline: { group: 'offline', tone: 'neutral' },
  'not connected': { group: 'offline', tone: 'neutral' },
};

const RANK: ReadonlyMap<string, number> = new Map(Object.keys(STATES).map((state, rank) => [state, rank]));

/** One agent of the list. */
export interface AgentRow {
  /** The name; it is the row's key. */
  id: string;
  agent: AgentView;
  state: AgentState;
  group: AgentGroup;
  tone: Tone;
  since: number;
  /** The call that the agent is in, or is offered. */
  call: WallCall | null;
}

/** Milliseconds during which an agent who disappears is trouble; after that, the agent is simply not there. */
const JUST_LOST_MS = 10 * 60_000;

/**
 * The agents, those who need somebody first; among equals, the longest in their state first.
 * @param before the rows of the view before: those that say the same are used again
 */
export function agentRows({ agents, calls, now }: WallView, before: readonly AgentRow[] = []): AgentRow[] {
  const known = new Map(before.map((row) => [row.id, row]));
  const callOf = new Map<string, WallCall>();
  for (const call of calls) {
    for (const { name } of call.supervisors) if (name !== null) callOf.set(name, call);
  }
  for (const call of calls) if (call.agent !== null) callOf.set(call.agent, call);
  return agents
    .map((agent): AgentRow => {
      const state = stateOf(agent, now);
      const call = agent.load === 'free' ? null : (callOf.get(agent.name) ?? null);
      const since = state === 'holding' ? (call?.heldSince ?? agent.since) : agent.since;
      const old = known.get(agent.name);
      const isSame = old?.agent === agent && old.state === state && old.since === since && old.call === call;
      return isSame ? old : { id: agent.name, agent, state, ...STATES[state], since, call };
    })
    .sort(
      (a, b) =>
        (RANK.get(a.state) ?? 0) - (RANK.get(b.state) ?? 0) || a.since - b.since || (a.id < b.id ? -1 : 1),
    );
}

function stateOf({ line, load, choice, reason, since }: AgentView, now: number): AgentState {
  if (line === 'down') {
    if (load !== 'free' && load !== 'wrap-up') return 'lost in call';
    if (choice === 'offline') return 'offline';
    return choice === 'available' && now - since < JUST_LOST_MS ? 'connection lost' : 'not connected';
  }
  switch (load) {
    case 'free':
      break;
    case 'reserved':
      return 'ringing';
    default:
      return load;
  }
  if (choice === 'away') return reason === 'no answer' ? 'no answer' : 'away';
  if (choice === 'offline') return 'offline';
  return line === 'degraded' ? 'cannot ring' : 'ready';
}

/** How many agents are in each group. */
export function countByGroup(rows: readonly AgentRow[]): Record<AgentGroup, number> {
  const counts: Record<AgentGroup, number> = {
    trouble: 0,
    ringing: 0,
    busy: 0,
    'wrap-up': 0,
    ready: 0,
    away: 0,
    offline: 0,
  };
  for (const { group } of rows) counts[group] += 1;
  return counts;
}

/** Who wants to be served: a caller who waits on the line, or one who is going to be called back. */
export type WaitingKind = Extract<WallCall['kind'], 'inbound' | 'callback'>;

/** Those who want to be served, in the order in which they are. @param queue null: of all queues */
export function waitingRows({ calls }: WallView, kind: WaitingKind, queue: string | null): WallCall[] {
  return calls.filter(
    (call) => call.kind === kind && call.place !== null && (queue === null || call.queue === queue),
  );
}
