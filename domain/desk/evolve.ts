import type { Agent, Desk, DeskCall, EndedOffer, Reservation } from './desk.ts';
import { lineOf, newAgent } from './desk.ts';
import type { Caller, DeskEvent } from './events.ts';

/** The desk after an event. Events of unknown calls and reservations change nothing. */
export function evolve(desk: Desk, event: DeskEvent): Desk {
  const { at } = event;
  switch (event.kind) {
    case 'entered':
      return withCall(desk, {
        ...newCall(event, at),
        kind: 'inbound',
        leg: event.call,
        stage: event.stage,
        hears: event.stage === 'menu' ? 'menu' : 'greeting',
      });
    case 'callback booked':
      return withCall(desk, { ...newCall(event, at), notBefore: event.notBefore });
    case 'customer called':
      return changeCall(desk, event.call, ({ leg }) => ({ leg: event.leg ?? leg, heardAt: at }));
    case 'customer not reached':
      return changeCall(desk, event.call, ({ failedTries }) => ({
        stage: 'waiting',
        since: at,
        leg: null,
        reservation: null,
        failedTries: failedTries + 1,
        notBefore: event.notBefore,
        hears: 'nothing',
      }));
    case 'asked': {
      const asked = changeCall(desk, event.call, () => ({ heardAt: at }));
      return event.reservation === null
        ? asked
        : changeReservation(asked, event.reservation, () => ({ lookedAt: at }));
    }
    case 'queue chosen':
      return changeCall(desk, event.call, ({ enqueuedAt }) => ({
        queue: event.queue,
        stage: 'waiting',
        since: at,
        enqueuedAt: event.moved ? enqueuedAt : at,
      }));
    case 'turn':
      return changeCall(desk, event.call, () => ({
        turn: event.turn,
        turnBy: event.turnBy,
        heardAt: at,
        hears: event.hears,
        told: event.told,
      }));
    case 'offered':
      return withReservation(desk, {
        id: event.reservation,
        call: event.call,
        agent: event.agent,
        state: 'created',
        since: at,
        createdAt: at,
        leg: null,
        rescindedBy: null,
        why: event.why,
        until: event.until,
        extended: false,
        lookedAt: at,
        connectedAt: null,
      });
    case 'dialed':
      return changeReservation(desk, event.reservation, ({ leg }) => ({
        state: 'dialing',
        since: at,
        leg: event.leg ?? leg,
        until: event.until,
      }));
    case 'setup prolonged':
      return changeReservation(desk, event.reservation, () => ({ until: event.until }));
    case 'leg requested':
      return desk;
    case 'page reported':
      return changeReservation(desk, event.reservation, () => ({ invited: true }));
    case 'rang':
      return changeReservation(desk, event.reservation, () => ({ state: 'ringing', since: at }));
    case 'accepted': {
      const accepting = changeReservation(desk, event.reservation, ({ leg }) => ({
        state: 'accepting',
        since: at,
        leg: event.leg ?? leg,
        until: event.until,
      }));
      const answered = changeAgent(accepting, event.agent, () => ({ unanswered: 0 }));
      return changeCall(answered, event.call, () => ({
        stage: 'connecting',
        since: at,
        reservation: event.reservation,
      }));
    }
    case 'connected': {
      const connected = changeReservation(desk, event.reservation, ({ connectedAt }) => ({
        connectedAt: connectedAt ?? at,
        state: 'connected',
        since: at,
        until: null,
        lookedAt: at,
      }));
      return changeCall(connected, event.call, ({ answeredAt }) => ({
        stage: 'talking',
        since: at,
        heardAt: at,
        answeredAt: answeredAt ?? at,
        keptFor: null,
        hears: 'agent',
      }));
    }
    case 'offer ended': {
      const ended = changeReservation(desk, event.reservation, ({ since }) => ({
        state: event.as,
        since: event.first ? at : since,
        rescindedBy: event.by,
        until: null,
      }));
      const counted =
        event.as === 'timeout'
          ? changeAgent(ended, event.agent, ({ unanswered }) => ({ unanswered: unanswered + 1 }))
          : event.as === 'rejected'
            ? changeAgent(ended, event.agent, () => ({ unanswered: 0 }))
            : ended;
      const noted = changeAgent(counted, event.agent, () => ({ lastOffer: endedOffer(desk, event) }));
      return changeCall(noted, event.call, ({ refusedBy, reservation, stage, keptFor }) => ({
        keptFor: event.as === 'rejected' && keptFor?.agent === event.agent ? null : keptFor,
        refusedBy: PASSED_OVER.has(event.as) ? [...new Set([...refusedBy, event.agent])] : refusedBy,
        ...(reservation === event.reservation && stage === 'connecting'
          ? { reservation: null, stage: 'waiting' as const, since: at }
          : {}),
      }));
    }
    case 'agent lost': {
      const free = changeReservation(desk, event.reservation, () => ({
        state: 'completed',
        since: at,
        until: null,
      }));
      const gone = changeAgent(free, event.agent, () => ({ page: null, lineSince: at }));
      return changeCall(gone, event.call, () => ({
        stage: 'waiting',
        since: at,
        reservation: null,
        hears: 'one moment',
        keptFor: { agent: event.agent, until: event.keptUntil },
      }));
    }
    case 'waits again':
      return changeCall(desk, event.call, () => ({ keptFor: null }));
    case 'wrap-up':
      return changeReservation(desk, event.reservation, ({ state, since }) => ({
        state: 'wrapping',
        since: state === 'wrapping' ? since : at,
        until: event.until,
        extended: event.extended,
      }));
    case 'free again': {
      const free = changeReservation(desk, event.reservation, () => ({
        state: 'completed',
        since: at,
        until: null,
      }));
      return changeAgent(free, event.agent, () => ({ idleSince: at }));
    }
    case 'chose':
      return changeAgent(desk, event.agent, ({ chosen, chosenAt, idleSince, unanswered }) => {
        const { choice, reason } = event.chosen;
        const isSame = choice === chosen.choice && reason === chosen.reason;
        const becomesAvailable = choice === 'available' && chosen.choice !== 'available';
        return {
          chosen: event.chosen,
          next: event.next,
          chosenAt: isSame ? chosenAt : at,
          idleSince: becomesAvailable ? at : idleSince,
          unanswered: choice === 'available' ? 0 : unanswered,
        };
      });
    case 'agent added':
      return changeAgent(desk, event.agent, () => newAgent(event.agent, at));
    case 'page':
      return changeAgent(desk, event.agent, (agent) => {
        const { page, until } = event;
        const after: Agent = { ...agent, page, pageUntil: until };
        const isSame = lineOf(agent, at) === lineOf(after, at) && (agent.page === null) === (page === null);
        return { page, pageUntil: until, lineSince: isSame ? agent.lineSince : at };
      });
    case 'left':
      return changeCall(desk, event.call, () => ({
        stage: 'leaving',
        since: at,
        exit: event.exit,
        endedBy: event.by,
        heardAt: at,
        hears: event.hears,
        voicemail: event.voicemail,
        reservation: null,
      }));
    case 'ended':
      return changeCall(desk, event.call, () => ({
        stage: 'ended',
        since: at,
        hears: 'nothing',
        reservation: null,
      }));
  }
}

/** Ends of an offer after which the agent is not rung again for the same call. */
const PASSED_OVER: ReadonlySet<EndedOffer['as']> = new Set(['rejected', 'unreachable']);

function newCall(
  { call, caller, queue, enqueuedAt }: { call: string; caller: Caller; queue: string; enqueuedAt: number },
  at: number,
): DeskCall {
  return {
    id: call,
    kind: 'callback',
    leg: null,
    failedTries: 0,
    notBefore: 0,
    ...caller,
    queue,
    stage: 'waiting',
    since: at,
    enteredAt: at,
    enqueuedAt,
    heardAt: at,
    turn: 0,
    turnBy: at,
    told: null,
    refusedBy: [],
    keptFor: null,
    reservation: null,
    answeredAt: null,
    hears: 'nothing',
    exit: null,
    endedBy: null,
    voicemail: null,
  };
}

function endedOffer(desk: Desk, event: Extract<DeskEvent, { kind: 'offer ended' }>): EndedOffer {
  const { reservation, call, as, by, at } = event;
  const entry = desk.calls.get(call);
  const taken =
    by === 'another agent' && entry?.reservation ? desk.reservations.get(entry.reservation) : undefined;
  return { reservation, call, from: entry?.from ?? null, as, by, answeredBy: taken?.agent ?? null, at };
}

function withCall(desk: Desk, call: DeskCall): Desk {
  return { ...desk, calls: new Map(desk.calls).set(call.id, call) };
}

function withReservation(desk: Desk, reservation: Reservation): Desk {
  return { ...desk, reservations: new Map(desk.reservations).set(reservation.id, reservation) };
}

function changeCall(desk: Desk, id: string, change: (call: DeskCall) => Partial<DeskCall>): Desk {
  const call = desk.calls.get(id);
  return call === undefined ? desk : withCall(desk, { ...call, ...change(call) });
}

function changeReservation(
  desk: Desk,
  id: string,
  change: (reservation: Reservation) => Partial<Reservation>,
): Desk {
  const reservation = desk.reservations.get(id);
  return reservation === undefined ? desk : withReservation(desk, { ...reservation, ...change(reservation) });
}

/** An agent of whom nothing was known begins as one who was never seen. */
function changeAgent(desk: Desk, name: string, change: (agent: Agent) => Partial<Agent>): Desk {
  const agent = desk.agents.get(name) ?? newAgent(name, 0);
  return { ...desk, agents: new Map(desk.agents).set(name, { ...agent, ...change(agent) }) };
}
