import type { Cause } from './causes.ts';
import type { Control, FailedAction, Party, Person } from './controls.ts';
import type {
  CallRole,
  ChosenStatus,
  DeskCall,
  DialFailure,
  EndedFor,
  EndedOffer,
  Exit,
  Guest,
  Hears,
  PageState,
  Rescinder,
  Reservation,
  Supervision,
  WrapUpNote,
} from './desk.ts';

/**
 * What happens outside, as the desk is told. Ids are those of calls and reservations. The leg of a webhook, and whom
 * it calls, are compared with those to which its address belongs.
 */
export type DeskFact =
  /** A caller's leg asks what to do. */
  | { kind: 'call arrived'; leg: string; from: string | null; to: string | null; regionUrl: string | null }
  /** The caller pressed a key in a menu, or none. */
  | { kind: 'menu answered'; call: string; keys: string; leg?: string | null }
  /**
   * The waiting loop asks for its next turn. `enqueuedAt` is in the address of a loop that was begun without the
   * store; it brings the caller's number along.
   */
  | {
      kind: 'turn asked';
      call: string;
      turn: number;
      keys: string;
      enqueuedAt: number | null;
      caller: Caller;
      leg?: string | null;
    }
  /** The caller's leg was transferred and asks where it belongs. */
  | { kind: 'next asked'; call: string; leg?: string | null }
  /**
   * The caller's leg was transferred, and what it was answered did not reach the platform. It goes on as before.
   * @param move id of the request to transfer it
   */
  | { kind: 'move failed'; call: string; move: number }
  /** An agent's leg was answered and asks what to do. */
  | { kind: 'agent answered'; reservation: string; leg: string; user?: string | null }
  /**
   * The leg of an agent asks what to do, with which she dials.
   * @param to as she gave it
   * @param ours our number that the customer sees
   */
  | {
      kind: 'agent dials';
      leg: string;
      agent: string;
      to: string | null;
      ours: string | null;
      regionUrl: string | null;
    }
  /** The leg that asked at first is over: the caller's, or that of an agent who dialled. */
  | { kind: 'caller ended'; call: string; hungUp?: boolean }
  /** The caller left a message at the end of a waiting turn, because no next turn was answered. */
  | { kind: 'message left'; call: string }
  /** What became of the leg of whom the desk called, for a callback or for an agent who dialled. */
  | {
      kind: 'customer leg';
      call: string;
      leg: string | null;
      is: GuestLegStatus;
      to?: string | null;
    }
  | { kind: 'agent leg'; reservation: string; leg: string | null; is: AgentLegStatus; user?: string | null }
  /** Heard from the agent's page. */
  | { kind: 'page seen'; agent: string; page: PageState; until: number }
  /** An agent's page opened its feed at one of several servers. */
  | { kind: 'feed opened'; agent: string; tab: string; server: string }
  /** The page that takes the agent's calls was closed and did not come back. */
  | { kind: 'page closed'; agent: string; until: number; from?: { tab: string; server: string } }
  | { kind: 'chose'; agent: string; chosen: ChosenStatus; after: 'now' | 'call' }
  /** The agent's page says that the platform lets the call ring there, or that it rang. */
  | {
      kind: 'page reported';
      agent: string;
      call: string;
      fact: 'invited' | 'rang';
      sound: 'played' | 'blocked' | null;
      tab: 'visible' | 'hidden' | null;
      /** Whether the browser showed a notification; null: the agent looked at the page, or it does not say. */
      notice?: 'shown' | 'off' | null;
    }
  /** An agent's leg could not be created yet; it is tried again. */
  | { kind: 'leg delayed'; reservation: string; reason: string | null }
  | { kind: 'wrap-up'; agent: string; does: 'end' | 'extend' | 'note'; note?: Partial<WrapUpNote> }
  /** Somebody wants to do something in a call. @param mayControl whether as a supervisor, too. */
  | { kind: 'control'; call: string; by: string; mayControl: boolean; control: Control }
  /** The telephone that was called for a call was answered, and asks what to do. */
  | { kind: 'guest answered'; call: string; guest: string; leg: string }
  | { kind: 'guest leg'; call: string; guest: string; leg: string | null; is: GuestLegStatus }
  /** The agent's page says that the agent hung up on purpose. */
  | { kind: 'agent hung up'; agent: string; call: string }
  /** Someone cancels a callback, before its customer is called. */
  | { kind: 'callback canceled'; call: string; by: string }
  | { kind: 'effect done'; effect: Effect; outcome: EffectOutcome }
  /** Time has passed. */
  | { kind: 'time passed' }
  /** Agents were added or removed: these are all. */
  | { kind: 'agents changed'; agents: readonly string[] }
  /** What was told may have been kept waiting: pages and legs get time to be heard of. */
  | { kind: 'store was slow'; until: number }
  /** A server has started, or the store was away: pages and legs get time, and legs are asked for. */
  | { kind: 'server started'; agents: readonly string[]; until: number };

export interface Caller {
  from: string | null;
  to: string | null;
  regionUrl: string | null;
}

export type AgentLegStatus =
  | 'started'
  | 'ringing'
  | 'rejected'
  | 'rang out'
  | 'unreachable'
  | 'ended by the agent'
  | 'ended by the platform';

/** What became of the leg of a telephone that the desk called. */
export type GuestLegStatus =
  | 'started'
  | 'ringing'
  | 'busy'
  | 'declined'
  | 'no answer'
  | 'unreachable'
  | 'ended';

/** What is done to legs, outside of the transaction that decides it. */
export type Effect =
  | { kind: 'create leg'; reservation: string }
  /** The caller's leg asks anew where it belongs. */
  | { kind: 'transfer'; call: string }
  | { kind: 'hang up'; leg: string; regionUrl: string | null; of: string }
  /** The customer of a callback, or of an agent who dialled, is called. */
  | { kind: 'call customer'; call: string }
  /** An agent's leg asks anew where it belongs. */
  | { kind: 'move leg'; reservation: string }
  /** A telephone is called into a call; when it was answered, its leg asks where it belongs. */
  | { kind: 'call number'; call: string; guest: string; number: string }
  | { kind: 'move guest'; call: string; guest: string }
  /** Spoken over whatever the caller hears. */
  | { kind: 'say'; call: string; agent: string; text: string }
  /** Is a leg still there of which nothing was heard for long? */
  | {
      kind: 'look up';
      leg: string;
      regionUrl: string | null;
      of: { call: string } | { reservation: string } | { guest: string; inCall: string };
    };

export type EffectOutcome =
  | { is: 'done'; leg: string | null }
  /** The leg is no longer there. `endedAt`: since when, where the platform says it. */
  | { is: 'gone'; endedAt?: number | undefined }
  | { is: 'failed'; reason: string };

/** What the desk did, in order. It is stored; the state follows from it. */
export type DeskEvent = { at: number } & (
  | {
      kind: 'entered';
      call: string;
      caller: Caller;
      queue: string;
      stage: 'menu' | 'waiting';
      enqueuedAt: number;
    }
  /** `moved`: out of another queue, with the age. */
  | { kind: 'queue chosen'; call: string; queue: string; moved: boolean }
  | { kind: 'turn'; call: string; turn: number; turnBy: number; hears: Hears; told: DeskCall['told'] }
  | {
      kind: 'offered';
      reservation: string;
      call: string;
      agent: string;
      why: Reservation['why'];
      until: number;
      /** Absent: to talk to the caller. */
      role?: CallRole;
      supervision?: Supervision;
    }
  | { kind: 'dialed'; reservation: string; call: string; agent: string; leg: string | null; until: number }
  /**
   * The server, or the store, was away while the agent's leg was asked for or the caller was moved to her; or an agent
   * who dialled hangs up, and her leg may take a moment to end.
   */
  | { kind: 'setup prolonged'; reservation: string; call: string; agent: string; until: number }
  /** What became of an attempt to create the agent's leg. */
  | {
      kind: 'leg requested';
      reservation: string;
      call: string;
      agent: string;
      result: 'created' | 'failed' | 'not yet';
      reason: string | null;
    }
  | {
      kind: 'page reported';
      reservation: string;
      call: string;
      agent: string;
      fact: 'invited' | 'rang';
      sound: 'played' | 'blocked' | null;
      tab: 'visible' | 'hidden' | null;
      /** Whether the browser showed a notification; null: the agent looked at the page, or it does not say. */
      notice?: 'shown' | 'off' | null;
    }
  | { kind: 'rang'; reservation: string; call: string; agent: string }
  | { kind: 'accepted'; reservation: string; call: string; agent: string; leg: string; until: number }
  | { kind: 'connected'; reservation: string; call: string; agent: string }
  | {
      kind: 'offer ended';
      reservation: string;
      call: string;
      agent: string;
      as: EndedOffer['as'];
      by: Rescinder | null;
      /** False where only the reason of an ended offer is put right. */
      first: boolean;
      /** What the agent's page had last reported; null: she had none. */
      presence?: PageState | null;
    }
  | { kind: 'agent lost'; reservation: string; call: string; agent: string; keptUntil: number }
  | { kind: 'waits again'; call: string }
  | {
      kind: 'wrap-up';
      reservation: string;
      call: string;
      agent: string;
      until: number;
      extended: boolean;
      /** Absent where the wrap-up is only extended. */
      ended?: EndedFor;
    }
  | { kind: 'free again'; reservation: string; call: string; agent: string }
  | {
      kind: 'chose';
      agent: string;
      chosen: ChosenStatus;
      next: ChosenStatus | null;
      by: 'agent' | 'no answer' | 'next';
    }
  | { kind: 'agent added'; agent: string }
  /** `feedAt`: the server at which it has just opened its feed. */
  | { kind: 'page'; agent: string; page: PageState | null; until: number; feedAt?: string }
  | {
      kind: 'left';
      call: string;
      exit: Exit;
      by: 'caller' | 'agent' | 'desk';
      hears: Hears;
      voicemail: string | null;
    }
  | { kind: 'ended'; call: string }
  | {
      kind: 'callback booked';
      call: string;
      caller: Caller;
      queue: string;
      enqueuedAt: number;
      notBefore: number;
    }
  /** `by`: who canceled it. It leaves the desk at once. */
  | { kind: 'callback canceled'; call: string; by: string }
  /** A callback whose time has come while its queue is closed. */
  | { kind: 'callback put off'; call: string; notBefore: number }
  /** An agent has dialled: the customer is `caller.from`. */
  | {
      kind: 'agent dialed';
      call: string;
      reservation: string;
      agent: string;
      leg: string;
      legRegionUrl: string | null;
      caller: Caller;
      queue: string;
      until: number;
    }
  /** What an agent dialled was not called, or not reached. `until`: by when she has heard it. */
  | {
      kind: 'dial failed';
      call: string;
      reservation: string | null;
      agent: string;
      reason: DialFailure;
      words: string;
      until: number | null;
    }
  | { kind: 'customer called'; call: string; leg: string | null }
  | { kind: 'customer rings'; call: string }
  | { kind: 'customer not reached'; call: string; notBefore: number }
  | { kind: 'held'; reservation: string; call: string; agent: string; until: number }
  | { kind: 'resumed'; reservation: string; call: string; agent: string; until: number }
  /** The caller is where she was to be moved. */
  | { kind: 'caller moved'; call: string; hears: Hears }
  /** She was not moved in time, and stays where she was. */
  | { kind: 'caller not moved'; call: string }
  /** She is to be moved once more. */
  | { kind: 'caller moving'; call: string; until: number }
  | { kind: 'hold warned'; call: string; agent: string; warning: 'alert' | 'alarm' }
  /** The agent left the call to somebody else. `until`: by when it must reach them. */
  | {
      kind: 'transferred';
      reservation: string;
      call: string;
      agent: string;
      to: Party;
      queue: string;
      until: number;
    }
  /** Nobody took the call: it goes back to the agent, or to the head of the queue. */
  | { kind: 'transfer failed'; call: string; by: string; to: Party; words: string; cause?: Cause }
  | { kind: 'moved ahead'; call: string }
  /** Somebody is called besides the agent. */
  | {
      kind: 'guest called';
      call: string;
      guest: string;
      to: Person;
      by: string;
      purpose: 'consult' | 'transfer';
      until: number | null;
    }
  /** What is heard of the second person, or of her leg. */
  | { kind: 'guest is'; call: string; guest: string; leg: string | null; state: Guest['state'] }
  /** A telephone was answered. */
  | {
      kind: 'guest joined';
      call: string;
      guest: string;
      leg: string | null;
      /** By when the caller must be there, too. */
      until: number | null;
    }
  | { kind: 'guest left'; call: string; guest: string }
  | { kind: 'swapped'; call: string; by: string; held: 'caller' | 'guest'; until: number }
  | { kind: 'merged'; call: string; by: string; until: number | null }
  /** Who was consulted has the call now. `agent`: absent where it is a telephone. */
  | {
      kind: 'taken over';
      call: string;
      from: string;
      reservation: string | null;
      agent?: string;
      until: number | null;
    }
  | { kind: 'joined'; reservation: string; call: string; agent: string; leg: string }
  | { kind: 'supervision'; reservation: string; call: string; agent: string; supervision: Supervision }
  /** A supervisor's leg is told whose it whispers to. */
  | { kind: 'whispers to'; reservation: string; call: string; agent: string; leg: string | null }
  | { kind: 'said'; call: string; by: string; phrase: string }
  | { kind: 'recording'; call: string; by: string; state: 'announced' | 'on' | 'off'; until: number | null }
  | { kind: 'control failed'; call: string; by: string; action: FailedAction; words: string; cause?: Cause }
  | { kind: 'noted'; reservation: string; call: string; agent: string; note: WrapUpNote }
  /** The platform is asked whether legs are alive. */
  | { kind: 'asked'; call: string; reservation: string | null }
);
