import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type {
  AgentDesk,
  AgentView,
  OfferView,
  PageReport,
  PresenceReport,
  WrapUpRequest,
} from '../../domain/api/desk-api.ts';
import type { Control } from '../../domain/desk/controls.ts';
import type { Choice, Load, PageState } from '../../domain/desk/desk.ts';
import { createScope } from '../../ui/scope.ts';
import { failureOf } from '../session/request.ts';
import type { DeskApi } from './desk-api.ts';
import { readAgentDesk } from './desk-api.ts';
import { createDeskFeed, type FeedSource } from './desk-feed.ts';
import type { LineController } from './line-controller.ts';
import { messageOf } from './message-of.ts';
import type { MicrophoneState } from './microphone.ts';
import { createPresence, type PresenceState } from './presence.ts';
import type { SoundState } from './sound.ts';

/** What the desk needs of the browser. */
export interface DeskSurroundings {
  /** Names this tab among all of the agent's; survives a reload. */
  tab: string;
  /** `new EventSource(path)`. */
  connect: (path: string) => FeedSource;
  /** Calls a function at an interval in milliseconds, even in a hidden page. Returns a function that stops it. */
  every: (ms: number, run: () => void) => () => void;
  /** Sends a beat that outlives the page. */
  sendLast: (report: PresenceReport) => void;
  sound: ReadonlySignal<SoundState>;
  microphone: ReadonlySignal<MicrophoneState>;
  /** Whether the tab is out of sight. */
  isHidden: () => boolean;
  /** Whether a call that rings now is shown as a notification; undefined where the agent looks at the page. */
  notice: () => PageReport['notice'];
}

interface DeskOptions extends DeskSurroundings {
  api: DeskApi;
  line: Pick<LineController, 'state' | 'session' | 'agent'>;
  log: (text: string) => void;
  random: () => number;
}

export interface DeskReadiness extends Pick<PageState, 'sound' | 'microphone'> {
  presence: PresenceState;
  /** What the desk shows of the agent; null while nothing is known. */
  me: AgentView | null;
  /** Whether this agent talks to nobody because the caller, or she herself, is on hold. */
  isOnHold: boolean;
  /** Who consults her now, while the caller hears nothing of it. */
  consultedBy: string | null;
  /** The customer of a callback is being called, and has not answered. */
  calling: 'dialing' | 'ringing' | null;
  /** What is offered to her now. */
  offer: OfferView | null;
}

/** What the agent asked for in her call: under way, or refused by the desk or on its way there. */
export type AskedControl = { action: Control['action'] } & (
  | { state: 'pending' }
  | { state: 'failed'; error: unknown }
);

/** Whether an agent with this load has a call, or its wrap-up: a choice made now is about the time after it. */
export function isAtWork(load: Load): boolean {
  return load !== 'free' && load !== 'reserved';
}

/** What the desk knows about this agent, and what she tells it. Without a desk, nothing happens here. */
export interface DeskController {
  isOn: ReadonlySignal<boolean>;
  /** What the desk said last, in this computer's time; null while nothing is known. */
  view: ReadonlySignal<AgentDesk | null>;
  presence: ReadonlySignal<PresenceState>;
  /** What decides whether the desk rings this page; null without a desk. */
  readiness: ReadonlySignal<DeskReadiness | null>;
  /** The status that was asked for and is not confirmed; `failed`: the last one was not taken. */
  choosing: ReadonlySignal<'no' | 'pending' | 'failed'>;
  /** Chooses a status: for now, or during a call for after it. */
  choose(choice: Choice, reason: string | null): Promise<void>;
  /** Ends or extends the wrap-up, or keeps a note about the call; resolves with whether the desk took it. */
  wrapUp(request: Omit<WrapUpRequest, 'agent'>): Promise<boolean>;
  /** The control that was asked for last; null where it was accepted, or nothing was asked. */
  asked: ReadonlySignal<AskedControl | null>;
  /** Does something in the agent's call, one thing at a time; resolves with whether the desk accepted it. */
  control(control: Control): Promise<boolean>;
  /** Tells the desk that its call has reached this page, or rings here, so that it can say why one did not. */
  report(deskCall: string, fact: 'invited' | 'rang'): void;
  /** Resolves when the desk knows that the agent hangs up on purpose, or after a moment; then it is told again. */
  hangUpMeant(deskCall: string): Promise<void>;
  /** The page is being left, with no call that could go on in the next one. */
  leave(): void;
  /** The network or the page came back. */
  wake(): void;
  /** The machine slept: nothing that was connected is any more. */
  slept(): void;
  close(): void;
}

/** How long hanging up waits until the desk knows why (milliseconds). */
const HANG_UP_PATIENCE_MS = 300;
/** How often a hang-up is told that the server cannot take just now, and how long after the time before (milliseconds). */
const HANG_UP_TRIES = 30;
const HANG_UP_RETRY_MS = 1_000;

export function createDesk(options: DeskOptions): DeskController {
  const { api, line, log, tab } = options;
  const scope = createScope();
  const view = signal<AgentDesk | null>(null);
  const choosing = signal<'no' | 'pending' | 'failed'>('no');
  const asked = signal<AskedControl | null>(null);

  const isOn = computed(() => line.session.value?.routing === 'desk');
  const isSignedIn = computed(() => !['loading', 'signed-out', 'signing-in'].includes(line.state.value.name));
  const agent = computed(() => (isOn.value && isSignedIn.value ? line.agent.value : null));
  /** The agent's name for requests; only needed where nobody signs in. */
  const named = () => {
    const name = agent.peek();
    return name !== null && line.session.peek()?.signIn === 'automatic' ? { agent: name } : {};
  };

  const path = computed(() => {
    const name = agent.value;
    if (name === null) {
      return null;
    }
    const who = line.session.value?.signIn === 'automatic' ? { agent: name } : {};
    return `api/desk/feed?${new URLSearchParams({ ...who, tab })}`;
  });
  const feed = createDeskFeed({
    connect: options.connect,
    path,
    random: options.random,
    onMessage(data) {
      const told = readAgentDesk(data, Date.now());
      if (told) {
        view.value = told;
      }
    },
  });
  scope.add(feed.close);
  scope.add(
    effect(() => {
      void path.value;
      untracked(() => {
        view.value = null;
        choosing.value = 'no';
      });
    }),
  );

  const microphone = createMicrophoneReport(options.microphone);
  const page = computed<PageState | null>(() => {
    if (agent.value === null || line.state.value.name === 'following') {
      return null;
    }
    return {
      tab,
      line: line.state.value.name === 'open' ? 'up' : 'down',
      sound: options.sound.value,
      microphone: microphone.value,
    };
  });
  let lastNamed: { agent?: string } = {};
  const presence = createPresence({
    page,
    every: options.every,
    beat(state) {
      // A page that leaves still says whose it was.
      lastNamed = agent.peek() === null ? lastNamed : named();
      return api.beat({ ...lastNamed, ...state });
    },
  });
  scope.add(presence.close);

  const readiness = computed<DeskReadiness | null>(() =>
    isOn.value
      ? {
          presence: presence.state.value,
          me: view.value?.me ?? null,
          sound: options.sound.value,
          microphone: microphone.value,
          offer: view.value?.offer ?? null,
          calling: callingOf(view.value?.call ?? null),
          ...holdOf(view.value?.call ?? null),
        }
      : null,
  );

  // After a time without the server, the feed may be dead without a sign.
  let wasSilent = false;
  scope.add(
    effect(() => {
      const { value } = presence.state;
      if (wasSilent && value === 'leads') {
        untracked(feed.renew);
      }
      wasSilent = value === 'silent';
    }),
  );

  // What was refused in one call says nothing about the next.
  const inCall = computed(() => view.value?.call?.id ?? null);
  scope.add(
    effect(() => {
      void inCall.value;
      asked.value = null;
    }),
  );

  function told(me: AgentView): void {
    const last = view.peek();
    if (last) {
      view.value = { ...last, me };
    }
  }

  const retries = new Set<ReturnType<typeof setTimeout>>();
  scope.add(() => {
    for (const retry of retries) {
      clearTimeout(retry);
    }
  });

  /** Resolves after the first try. While the server cannot know that she has left, her caller hears nobody. */
  async function tellHangUp(
    meant: { agent?: string; call: string },
    triesLeft = HANG_UP_TRIES,
  ): Promise<void> {
    const reservation = view.peek()?.call?.reservation;
    try {
      await api.hangUpMeant(meant);
    } catch (error) {
      log(`hang-up: ${messageOf(error)}`);
      if (triesLeft <= 1 || !['unreachable', 'internal'].includes(failureOf(error))) {
        return;
      }
      const retry = setTimeout(() => {
        retries.delete(retry);
        // Another message of the desk says that it knows, or that she has the caller again.
        if (view.peek()?.call?.reservation === reservation) {
          void tellHangUp(meant, triesLeft - 1);
        }
      }, HANG_UP_RETRY_MS);
      retries.add(retry);
    }
  }

  return {
    isOn,
    view,
    presence: presence.state,
    readiness,
    choosing,
    async choose(choice, reason) {
      const next = isAtWork(view.peek()?.me.load ?? 'free');
      choosing.value = 'pending';
      try {
        told(await api.choose({ ...named(), choice, reason, ...(next && { next }) }));
        choosing.value = 'no';
      } catch (error) {
        log(`status: ${messageOf(error)}`);
        choosing.value = 'failed';
      }
    },
    async wrapUp(request) {
      try {
        told(await api.wrapUp({ ...named(), ...request }));
        return true;
      } catch (error) {
        log(`wrap-up: ${messageOf(error)}`);
        return false;
      }
    },
    asked,
    async control(control) {
      const call = inCall.peek();
      if (call === null || asked.peek()?.state === 'pending') {
        return false;
      }
      const { action } = control;
      asked.value = { action, state: 'pending' };
      try {
        await api.control(call, { ...named(), ...control });
        asked.value = null;
        return true;
      } catch (error) {
        log(`${action}: ${messageOf(error)}`);
        if (inCall.peek() === call) {
          asked.value = { action, state: 'failed', error };
        }
        return false;
      }
    },
    report(call, fact) {
      const rang = fact === 'rang' && {
        sound: options.sound.peek() === 'on' ? ('played' as const) : ('blocked' as const),
        tab: options.isHidden() ? ('hidden' as const) : ('visible' as const),
        notice: options.notice(),
      };
      api.report({ ...named(), call, fact, ...rang }).catch((error: unknown) => {
        log(`${fact}: ${messageOf(error)}`);
      });
    },
    async hangUpMeant(call) {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, HANG_UP_PATIENCE_MS));
      await Promise.race([tellHangUp({ ...named(), call }), patience]);
    },
    leave() {
      const state = page.peek();
      if (state !== null) {
        options.sendLast({ ...named(), ...state, line: 'down' });
      }
    },
    wake() {
      presence.wake();
      feed.wake();
    },
    slept() {
      presence.wake();
      feed.renew();
    },
    close: scope.close,
  };
}

function callingOf(call: AgentDesk['call']): DeskReadiness['calling'] {
  const isCalling = call?.kind === 'callback' && (call.state === 'dialing' || call.state === 'ringing');
  return isCalling ? (call.state === 'ringing' ? 'ringing' : 'dialing') : null;
}

/** A consulted agent hears the one who asked her, except while that one is back with the caller. */
function holdOf(call: AgentDesk['call']): Pick<DeskReadiness, 'isOnHold' | 'consultedBy'> {
  const isHeld = call !== null && call.heldSince !== null;
  if (call?.role !== 'consult' || call.consult === null) {
    return { isOnHold: isHeld, consultedBy: null };
  }
  const isAsked = isHeld && call.consult.state === 'talking';
  return { isOnHold: call.consult.state === 'held', consultedBy: isAsked ? call.consult.by : null };
}

/** The microphone in the desk's words. Opening one that is known to work may take a while and proves nothing new. */
function createMicrophoneReport(
  state: ReadonlySignal<MicrophoneState>,
): ReadonlySignal<PageState['microphone']> {
  let last: PageState['microphone'] = 'unasked';
  return computed(() => {
    last = state.value === 'asking' ? last : MICROPHONE[state.value];
    return last;
  });
}

const MICROPHONE: Record<Exclude<MicrophoneState, 'asking'>, PageState['microphone']> = {
  unknown: 'unasked',
  listening: 'ready',
  ready: 'ready',
  refused: 'refused',
  missing: 'none',
  busy: 'none',
  insecure: 'none',
};
