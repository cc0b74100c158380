import type { Agent, Desk, DeskCall, EndedOffer, Guest, Reservation } from './desk.ts';
import { lineOf, newAgent, PLAIN_RESERVATION, UNTOUCHED_CALL } from './desk.ts';
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
    case 'callback canceled':
      return desk;
    case 'callback put off':
      return changeCall(desk, event.call, () => ({ notBefore: event.notBefore }));
    case 'customer called':
      return changeCall(desk, event.call, ({ leg }) => ({ leg: event.leg ?? leg, heardAt: at }));
    case 'customer rings':
      return changeCall(desk, event.call, () => ({ rings: true, heardAt: at }));
    case 'agent dialed': {
      const { call, reservation, agent, leg, legRegionUrl, caller, queue, until } = event;
      const dialled = withCall(desk, {
        ...newCall({ call, caller, queue, enqueuedAt: at }, at),
        kind: 'outbound',
        stage: 'connecting',
        reservation,
      });
      return withReservation(dialled, {
        ...newReservation({ reservation, call, agent, until }, at),
        state: 'accepting',
        leg,
        legRegionUrl,
      });
    }
    case 'dial failed': {
      const { call, reservation, agent, reason, words, until } = event;
      const told = changeAgent(desk, agent, () => ({
        lastFailure: { call, action: 'dial', words, reason, at },
      }));
      return reservation === null ? told : changeReservation(told, reservation, () => ({ until }));
    }
    case 'customer not reached':
      return changeCall(desk, event.call, ({ failedTries }) => ({
        stage: 'waiting',
        since: at,
        leg: null,
        rings: false,
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
        waitingSince: at,
      }));
    case 'turn':
      return changeCall(desk, event.call, () => ({
        turn: event.turn,
        turnBy: event.turnBy,
        heardAt: at,
        hears: event.hears,
        told: event.told,
        movingUntil: null,
      }));
    case 'offered':
      return withReservation(desk, {
        ...newReservation(event, at),
        why: event.why,
        role: event.role ?? 'agent',
        supervision: event.supervision ?? null,
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
    case 'rang': {
      const rang = changeReservation(desk, event.reservation, () => ({ state: 'ringing', since: at }));
      return changeGuest(rang, event.call, event.reservation, () => ({ state: 'ringing', since: at }));
    }
    case 'accepted': {
      const accepting = changeReservation(desk, event.reservation, () => ({
        state: 'accepting',
        since: at,
        leg: event.leg,
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
        transfer: null,
        ahead: null,
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
        waitingSince: at,
        held: null,
        movingUntil: null,
      }));
    }
    case 'waits again':
      return changeCall(desk, event.call, () => ({ keptFor: null }));
    case 'wrap-up':
      return changeReservation(desk, event.reservation, ({ state, since, ended }) => ({
        state: 'wrapping',
        since: state === 'wrapping' ? since : at,
        until: event.until,
        extended: event.extended,
        ended: event.ended ?? ended,
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
        const { page, until, feedAt = page?.tab === agent.page?.tab ? agent.feedAt : null } = event;
        const after: Agent = { ...agent, page, pageUntil: until };
        const isSame = lineOf(agent, at) === lineOf(after, at) && (agent.page === null) === (page === null);
        return {
          page,
          pageUntil: until,
          lineSince: isSame ? agent.lineSince : at,
          feedAt,
        };
      });
    case 'left':
      return changeCall(desk, event.call, ({ hears }) => ({
        stage: 'leaving',
        since: at,
        exit: event.exit,
        endedBy: event.by,
        heardAt: at,
        hears: event.hears,
        voicemail: event.voicemail,
        reservation: null,
        held: null,
        movingUntil: null,
        transfer: null,
        leftOnHold: event.by === 'caller' && hears === 'hold',
      }));
    case 'ended':
      return changeCall(desk, event.call, () => ({
        stage: 'ended',
        since: at,
        hears: 'nothing',
        reservation: null,
      }));
    default:
      return evolveControl(desk, event);
  }
}

/** The desk after what agents and supervisors did in a call. */
function evolveControl(desk: Desk, event: ControlEvent): Desk {
  const { at } = event;
  switch (event.kind) {
    case 'held':
      return changeCall(desk, event.call, () => ({
        stage: 'held',
        since: at,
        held: { since: at, warned: null },
        movingUntil: event.until,
      }));
    case 'resumed':
      return changeCall(desk, event.call, () => ({
        stage: 'talking',
        since: at,
        held: null,
        movingUntil: event.until,
      }));
    case 'caller moved':
      return changeCall(desk, event.call, () => ({ hears: event.hears, movingUntil: null, heardAt: at }));
    case 'caller not moved':
      return changeCall(desk, event.call, ({ hears }) => {
        const isHeld = hears === 'hold';
        return {
          stage: isHeld ? 'held' : 'talking',
          since: at,
          held: isHeld ? { since: at, warned: null } : null,
          movingUntil: null,
        };
      });
    case 'caller moving':
      return changeCall(desk, event.call, () => ({ movingUntil: event.until }));
    case 'hold warned':
      return changeCall(desk, event.call, ({ held }) => ({
        held: held && { ...held, warned: event.warning },
      }));
    case 'transferred':
      return changeCall(desk, event.call, ({ refusedBy }) => ({
        stage: 'number' in event.to ? 'held' : 'waiting',
        since: at,
        queue: event.queue,
        reservation: null,
        keptFor: null,
        held: null,
        movingUntil: null,
        transfer: { to: event.to, by: event.agent, isComingBack: false, since: at },
        // Who is asked for by name is asked, whatever she did before.
        refusedBy: refusedBy.filter((name) => !('agent' in event.to) || name !== event.to.agent),
        waitingSince: at,
        turnBy: event.until,
        told: null,
      }));
    case 'transfer failed': {
      const { call, by, words, cause } = event;
      const told = changeAgent(desk, by, () => ({
        lastFailure: { call, action: 'transfer', words, ...(cause && { cause }), at },
      }));
      return changeCall(told, call, ({ transfer, refusedBy }) => ({
        stage: 'waiting',
        since: at,
        guest: null,
        movingUntil: null,
        transfer: transfer && { ...transfer, isComingBack: true },
        refusedBy: refusedBy.filter((name) => name !== by),
      }));
    }
    case 'moved ahead':
      return changeCall(desk, event.call, () => ({ ahead: at, transfer: null, keptFor: null }));
    case 'guest called': {
      const { guest: id, to, by, purpose, until } = event;
      return changeCall(desk, event.call, () => ({
        guest: { id, to, by, purpose, state: 'calling', since: at, leg: null, until },
      }));
    }
    case 'guest is':
      return changeGuest(desk, event.call, event.guest, ({ leg }) => ({
        state: event.state,
        leg: event.leg ?? leg,
      }));
    case 'guest joined': {
      const joined = changeGuest(desk, event.call, event.guest, ({ leg }) => ({
        state: 'talking',
        since: at,
        leg: event.leg ?? leg,
        until: null,
      }));
      return desk.calls.get(event.call)?.guest?.purpose !== 'transfer'
        ? joined
        : changeCall(joined, event.call, () => ({
            stage: 'talking',
            since: at,
            transfer: null,
            movingUntil: event.until,
          }));
    }
    case 'guest left':
      return changeCall(desk, event.call, ({ guest }) => (guest?.id === event.guest ? { guest: null } : {}));
    case 'swapped': {
      const isHeld = event.held === 'caller';
      return changeCall(desk, event.call, ({ guest }) => ({
        stage: isHeld ? 'held' : 'talking',
        since: at,
        held: isHeld ? { since: at, warned: null } : null,
        movingUntil: event.until,
        guest: guest && { ...guest, state: isHeld ? 'talking' : 'held', since: at },
      }));
    }
    case 'merged': {
      const guest = desk.calls.get(event.call)?.guest ?? null;
      const merged = changeCall(desk, event.call, ({ stage, since, movingUntil }) => ({
        stage: 'talking',
        since: stage === 'talking' ? since : at,
        held: null,
        movingUntil: event.until ?? movingUntil,
        guest: guest && { ...guest, state: 'talking' as const },
      }));
      return guest === null ? merged : changeReservation(merged, guest.id, () => ({ connectedAt: at }));
    }
    case 'taken over': {
      const { call, reservation, until } = event;
      const taken = changeCall(desk, call, ({ stage, since, guest }) => ({
        stage: 'talking',
        since: stage === 'talking' ? since : at,
        held: null,
        movingUntil: until,
        reservation,
        guest: reservation === null && guest ? { ...guest, purpose: 'transfer', state: 'talking' } : null,
      }));
      return reservation === null
        ? taken
        : changeReservation(taken, reservation, ({ connectedAt }) => ({
            role: 'agent',
            connectedAt: connectedAt ?? at,
          }));
    }
    case 'joined': {
      const joined = changeReservation(desk, event.reservation, () => ({
        state: 'connected',
        since: at,
        leg: event.leg,
        until: null,
        lookedAt: at,
      }));
      const answered = changeAgent(joined, event.agent, () => ({ unanswered: 0 }));
      return changeGuest(answered, event.call, event.reservation, () => ({ state: 'talking', since: at }));
    }
    case 'supervision':
      return changeReservation(desk, event.reservation, () => ({ supervision: event.supervision }));
    case 'whispers to':
      return changeReservation(desk, event.reservation, () => ({ whispersTo: event.leg }));
    case 'said':
      return desk;
    case 'recording':
      return changeCall(desk, event.call, ({ recording: { number, state } }) => ({
        recording: {
          // Each that begins, and each that ends, has a conversation of its own.
          number: event.state === 'on' || state === 'on' ? number + 1 : number,
          state: event.state,
          until: event.until,
        },
      }));
    case 'control failed': {
      const { call, action, words, cause } = event;
      return changeAgent(desk, event.by, () => ({
        lastFailure: { call, action, words, ...(cause && { cause }), at },
      }));
    }
    case 'noted':
      return changeReservation(desk, event.reservation, () => ({ note: event.note }));
  }
}

type ControlEvent = Extract<
  DeskEvent,
  {
    kind:
      | 'held'
      | 'resumed'
      | 'caller moved'
      | 'caller not moved'
      | 'caller moving'
      | 'hold warned'
      | 'transferred'
      | 'transfer failed'
      | 'moved ahead'
      | 'guest called'
      | 'guest is'
      | 'guest joined'
      | 'guest left'
      | 'swapped'
      | 'merged'
      | 'taken over'
      | 'joined'
      | 'supervision'
      | 'whispers to'
      | 'said'
      | 'recording'
      | 'control failed'
      | 'noted';
  }
>;

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
    waitingSince: enqueuedAt,
    ...UNTOUCHED_CALL,
  };
}

function newReservation(
  { reservation, call, agent, until }: { reservation: string; call: string; agent: string; until: number },
  at: number,
): Reservation {
  return {
    id: reservation,
    call,
    agent,
    state: 'created',
    since: at,
    createdAt: at,
    leg: null,
    rescindedBy: null,
    why: { candidates: [], passedOver: [] },
    until,
    extended: false,
    lookedAt: at,
    connectedAt: null,
    ...PLAIN_RESERVATION,
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

/** Only the guest of this id: another may have taken the place. */
function changeGuest(desk: Desk, call: string, id: string, change: (guest: Guest) => Partial<Guest>): Desk {
  return changeCall(desk, call, ({ guest }) =>
    guest?.id === id ? { guest: { ...guest, ...change(guest) } } : {},
  );
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
