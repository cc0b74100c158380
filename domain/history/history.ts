import type { HistoryItem, HistoryOutcome } from '../api/history-api.ts';
import type { Exit } from '../desk/desk.ts';
import type { DeskEvent } from '../desk/events.ts';

/** What a call of the desk was to one agent or, with `agent` null, became for the team. */
export interface HistoryLine extends Omit<HistoryItem, 'contact'> {
  /** When this came about. */
  settledAt: number;
  /** The outcome for the team; null while the call goes on. */
  became: HistoryOutcome | null;
}

/** Kinds of events after which the history of their call may be another one. */
export const SETTLING: ReadonlySet<DeskEvent['kind']> = new Set<DeskEvent['kind']>([
  'offer ended',
  'agent lost',
  'transferred',
  'wrap-up',
  'free again',
  'noted',
  'callback canceled',
  'left',
]);

/** The best outcome counts where an agent was rung several times for a call. */
const RANK: readonly HistoryOutcome[] = [
  'answered',
  'declined',
  'missed',
  'caller-hung-up',
  'answered-elsewhere',
  'not-reached',
];

/** An offer of the call to an agent, or a talk with her. */
interface Offered {
  agent: string;
  at: number;
  outcome: HistoryOutcome | null;
  settledAt: number;
  talkingSince: number | null;
  talked: number;
  transferred: boolean;
  wrapUp: HistoryItem['wrapUp'];
}

/** The history of one call: lines for the agents who were rung, and one for the team once the call has left the desk. */
export function historyLines(events: readonly DeskEvent[]): HistoryLine[] {
  const entered = events.find((event) => isBeginning(event));
  if (entered === undefined || !isBeginning(entered)) return [];
  let { queue } = entered;
  let enqueuedAt = entered.kind === 'agent dialed' ? null : entered.enqueuedAt;
  let call = entered.call;
  let answeredAt: number | null = null;
  let left: Extract<DeskEvent, { kind: 'left' }> | undefined;
  let canceled = false;
  const offers = new Map<string, Offered>();
  const answeredBy: string[] = [];

  for (const event of events) {
    const { at } = event;
    const offer = 'reservation' in event ? offers.get(event.reservation ?? '') : undefined;
    switch (event.kind) {
      case 'queue chosen':
        queue = event.queue;
        if (!event.moved) enqueuedAt = at;
        break;
      case 'customer called':
        call = event.leg ?? call;
        break;
      case 'agent dialed':
        offers.set(event.reservation, newOffer(event));
        break;
      case 'offered':
        // Who listens has no part in the call.
        if (event.role === 'supervise') break;
        offers.set(event.reservation, newOffer(event));
        break;
      case 'offer ended':
        if (offer === undefined) break;
        offer.outcome = outcomeOf(event);
        if (event.first) offer.settledAt = at;
        break;
      case 'connected':
        answeredAt ??= at;
        if (!answeredBy.includes(event.agent)) answeredBy.push(event.agent);
        if (offer !== undefined) offer.talkingSince ??= at;
        break;
      case 'joined':
        // She talks to the agent who consults her.
        if (offer !== undefined) offer.talkingSince ??= at;
        break;
      case 'noted':
        if (offer !== undefined) offer.wrapUp = event.note;
        break;
      case 'transferred':
        queue = event.queue;
        if (offer !== undefined) endTalk(offer, at);
        break;
      case 'agent lost':
      case 'wrap-up':
      case 'free again':
        if (offer === undefined) break;
        if (event.kind === 'wrap-up' && event.ended === 'transferred') offer.transferred = true;
        endTalk(offer, at);
        break;
      case 'left':
        left ??= event;
        break;
      case 'callback canceled':
        canceled = true;
        break;
      default:
    }
  }

  const became = canceled ? 'canceled' : left === undefined ? null : outcomeOfCall(left, answeredAt !== null);
  const shared = {
    call,
    direction: entered.kind === 'entered' ? ('inbound' as const) : ('outbound' as const),
    isCallback: entered.kind === 'callback booked',
    number: entered.caller.from,
    to: entered.caller.to,
    queue,
    exit: left?.exit ?? null,
    answeredBy: answeredBy[0] ?? null,
    hungUpBy: left === undefined || left.by === 'desk' || canceled ? null : left.by,
    waited:
      answeredAt === null || enqueuedAt === null
        ? null
        : Math.max(0, Math.round((answeredAt - enqueuedAt) / 1000)),
    voicemail: left?.voicemail ?? null,
    became,
  };
  const lines = [...Map.groupBy(offers.values(), ({ agent }) => agent)].flatMap(([agent, all]) => {
    const settled = all.filter(({ outcome }) => outcome !== null);
    const best = settled.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
    if (best?.outcome == null) return [];
    const { outcome, settledAt } = best;
    // Every list shows the same time; a callback is one of the time when the agent was rung for it.
    const at = entered.kind === 'callback booked' ? best.at : entered.at;
    const transferred = all.findLast(({ outcome: of }) => of === 'answered')?.transferred ?? false;
    return [
      {
        ...shared,
        agent,
        at,
        settledAt,
        outcome,
        transferred,
        talked: talkedIn(all),
        wrapUp: wrapUpOf(all),
      },
    ];
  });
  if (left === undefined || became === null) return lines;
  const all = [...offers.values()];
  return [
    ...lines,
    {
      ...shared,
      agent: null,
      at: entered.at,
      settledAt: left.at,
      outcome: became,
      transferred: false,
      talked: talkedIn(all),
      wrapUp: wrapUpOf(all),
    },
  ];
}

/** An event with which a call begins. */
function isBeginning(
  event: DeskEvent,
): event is Extract<DeskEvent, { kind: 'entered' | 'callback booked' | 'agent dialed' }> {
  return event.kind === 'entered' || event.kind === 'callback booked' || event.kind === 'agent dialed';
}

function newOffer({ agent, at }: { agent: string; at: number }): Offered {
  return {
    agent,
    at,
    outcome: null,
    settledAt: at,
    talkingSince: null,
    talked: 0,
    transferred: false,
    wrapUp: null,
  };
}

function rankOf({ outcome }: Offered): number {
  return outcome === null ? RANK.length : RANK.indexOf(outcome);
}

function endTalk(offer: Offered, at: number): void {
  if (offer.talkingSince === null) {
    // A callback whose customer was not reached is wrapped up, too.
    offer.outcome ??= 'not-reached';
    if (offer.outcome === 'not-reached') offer.settledAt = at;
    return;
  }
  offer.talked += at - offer.talkingSince;
  offer.talkingSince = null;
  offer.outcome = 'answered';
  offer.settledAt = at;
}

function talkedIn(offers: readonly Offered[]): number | null {
  if (!offers.some(({ outcome }) => outcome === 'answered')) return null;
  return Math.round(offers.reduce((sum, { talked }) => sum + talked, 0) / 1000);
}

function wrapUpOf(offers: readonly Offered[]): HistoryItem['wrapUp'] {
  return offers.findLast(({ wrapUp }) => wrapUp !== null)?.wrapUp ?? null;
}

function outcomeOf({ as, by }: Extract<DeskEvent, { kind: 'offer ended' }>): HistoryOutcome {
  if (as === 'rejected') return 'declined';
  if (as === 'timeout') return 'missed';
  if (by === 'caller') return 'caller-hung-up';
  return by === 'another agent' ? 'answered-elsewhere' : 'not-reached';
}

const BECAME: Readonly<Record<Exit, HistoryOutcome>> = {
  completed: 'answered',
  abandoned: 'caller-hung-up',
  voicemail: 'voicemail',
  overflow: 'overflow',
  closed: 'closed',
  callback: 'callback',
  'not reached': 'not-reached',
  lost: 'lost',
};

function outcomeOfCall(
  { exit, voicemail }: Extract<DeskEvent, { kind: 'left' }>,
  wasAnswered: boolean,
): HistoryOutcome {
  // Why the caller was asked for a message, `exit` says.
  if (voicemail !== null && !wasAnswered) return 'voicemail';
  return BECAME[exit];
}
