import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { createScope } from '../../ui/scope.ts';
import { visibleMarks } from '../../ui/visible-marks.ts';
import type { Api } from './api.ts';
import { type CallController, createCallController } from './call-controller.ts';
import { explained } from './call-machine.ts';
import { type CallMemory, REJOIN_SECONDS } from './call-memory.ts';
import { type Call, currentCall, type EndedCall, hasTakenCall, isDialled, isLive } from './call-state.ts';
import { createDesk, type DeskController, type DeskSurroundings } from './desk.ts';
import { createDialler, type Dialler, leavesRoom } from './dialler.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createLineController, type LineController } from './line-controller.ts';
import type { HeldMicrophone } from './microphone.ts';
import { createOffers, type Offers } from './offers.ts';
import type { PhoneEvent, PhoneKit } from './phone.ts';
import type { RecentMemory } from './recent-memory.ts';
import { until } from './until.ts';

export interface AgentOptions {
  api: Api;
  loadPhone: () => Promise<PhoneKit>;
  /** What is remembered of an agent on this computer. */
  memoryOf: (agent: string) => AgentMemory;
  tabs: Tabs;
  desk: DeskSurroundings;
  holdMicrophone: () => Promise<HeldMicrophone>;
  /** The devices that the agent chose. */
  chosen: Record<'microphone' | 'speaker', ReadonlySignal<string>>;
  /** How loud calls are, from 0 to 1. */
  volume: ReadonlySignal<number>;
  /** Runs `look` whenever a device comes or goes. Returns how to stop. */
  onDevices: (look: () => void) => () => void;
  /** The agent whom the page's address names, or null. */
  name: string | null;
  /** Makes a call that rings noticed; the returned function ends that. */
  ring: (call: Call) => () => void;
  /** How long a call may ring (milliseconds). */
  ringLimitMs: number;
  /** When the press that is being handled began (milliseconds since the epoch). */
  pressStartedAt: () => number;
  /** Another call began to wait. */
  hint: () => void;
  isOnline: () => boolean;
  random: () => number;
}

interface AgentMemory {
  call: CallMemory;
  recent: RecentMemory;
}

/** The other tabs of this browser. */
interface Tabs {
  /** Resolves with whether this tab is the one that has the line of an agent. */
  claim: (agent: string) => Promise<boolean>;
  /** Makes this tab lead, unless the leading one is in a call. */
  takeOver: () => void;
  /** Nobody is signed in here any more. */
  leave: () => void;
  /** Somebody signed in or out here. */
  sessionChanged: () => void;
}

/** The agent's work on this page: the line, the calls, and what is known about both. */
export interface Agent {
  line: LineController;
  calls: CallController;
  desk: DeskController;
  offers: Pick<Offers, 'of'>;
  dialler: Dialler;
  /** The agent's calls that are over, newest first. */
  recent: ReadonlySignal<readonly EndedCall[]>;
  log: EventLog;
  /** A caller or a number as people write it; empty when it is unknown. */
  nameOf(from: string): string;
  signOut(): void;
  /** Another tab has the line from now on; resolves when this one has closed it. */
  yield(): Promise<void>;
  /** This tab has the line from now on. */
  promoted(): void;
  /** Keeps what a reload needs up to date. */
  remember(): void;
  /** The page is being left, perhaps for a reload. */
  leave(): void;
  close(): void;
}

const RECENT_KEPT = 50;
const REMEMBER_EVERY_MS = 2_000;

export function createAgent(options: AgentOptions): Agent {
  const { memoryOf, tabs } = options;
  const scope = createScope();
  const log = createEventLog();
  const recent = signal<readonly EndedCall[]>([]);
  let leads = false;
  /** The call that the platform said last is over. */
  let lastOver: string | null = null;

  const calls = createCallController({
    ringLimitMs: options.ringLimitMs,
    pressStartedAt: options.pressStartedAt,
    phone: () => line.phone(),
    lineOpen,
    holdMicrophone: options.holdMicrophone,
    chosen: options.chosen,
    volume: options.volume,
    onDevices: options.onDevices,
    onEnded: (ended) => {
      recent.value = [ended, ...recent.value].slice(0, RECENT_KEPT);
      memory()?.recent.write(recent.value);
    },
    onCorrected: (callId, end) => {
      recent.value = recent.value.map((ended) => (ended.call.id === callId ? explained(ended, end) : ended));
      memory()?.recent.write(recent.value);
    },
    announceHangUp(callId) {
      const call = offers.deskCallOf(callId);
      return call === undefined ? null : desk.hangUpMeant(call);
    },
    isOver: (callId) => callId === lastOver,
    log: log.add,
  });
  const line = createLineController({
    api: options.api,
    loadPhone: options.loadPhone,
    agent: options.name,
    claim,
    onSessionChange: tabs.sessionChanged,
    onCallEvent,
    callOver: () => until(() => !isLive(calls.phase.value)),
    log: log.add,
    isOnline: options.isOnline,
    random: options.random,
  });

  const desk = createDesk({
    ...options.desk,
    api: options.api,
    line,
    log: log.add,
    random: options.random,
  });
  const offers = createOffers({ view: desk.view, calls });
  const dialler = createDialler({
    api: options.api,
    calls,
    view: desk.view,
    isReady: computed(
      () =>
        line.shown.value.name === 'open' &&
        line.calledInstead.value === null &&
        desk.presence.value !== 'elsewhere' &&
        leavesRoom(calls.phase.value),
    ),
    log: log.add,
  });
  scope.add(dialler.close);
  scope.add(desk.close);
  scope.add(offers.close);
  /** Calls that ring on another page, too, which takes them as long as it is there. */
  const passedOver = new Map<string, Call>();
  scope.add(
    effect(() => {
      if (desk.presence.value === 'leads' && passedOver.size > 0) {
        const waiting = [...passedOver.values()];
        passedOver.clear();
        untracked(() => waiting.forEach(invited));
      }
    }),
  );

  // Whose page this is: what one agent did must not be seen by the next.
  const owner = computed(() => (mayBeSeen() ? line.agent.value : null));
  let lastOwner: string | null = null;
  scope.add(
    effect(() => {
      const { value: now } = owner;
      if (now !== lastOwner) {
        untracked(() => changeOwner(now));
      }
    }),
  );
  // The tab that leads writes the list; the others show the same.
  scope.add(
    effect(() => (owner.value === null ? undefined : memoryOf(owner.value).recent.onChange(readRecent))),
  );

  /** A conversation outlives the sign-in, and so does the reason why it ended. */
  function mayBeSeen(): boolean {
    const { value } = line.state;
    if (!['loading', 'signed-out', 'signing-in'].includes(value.name)) {
      return true;
    }
    const { value: phase } = calls.phase;
    const signedOutHere = value.name === 'signed-out' && value.problem === null;
    return isLive(phase) || (phase.name === 'ended' && !signedOutHere);
  }

  function changeOwner(now: string | null): void {
    if (lastOwner !== null) {
      calls.dispatch({ type: 'forget' });
      log.clear();
      tabs.leave();
      leads = false;
    }
    lastOwner = now;
    readRecent();
  }

  function readRecent(): void {
    recent.value = memory()?.recent.read() ?? [];
  }

  function memory(): AgentMemory | null {
    return lastOwner === null ? null : memoryOf(lastOwner);
  }

  /** The tab that begins to lead takes up what the last one was in. */
  async function claim(agent: string): Promise<{ leads: boolean; sessionId: string | null }> {
    const led = leads;
    const memory = memoryOf(agent).call;
    const decided = tabs.claim(agent);
    if (!led && memory.recall(Date.now())?.here) {
      // While this page was reloaded, another tab may have begun to lead.
      tabs.takeOver();
    }
    leads = await decided;
    const interrupted = leads && !led ? memory.recall(Date.now()) : null;
    if (!interrupted) {
      return { leads, sessionId: null };
    }
    const { call, since, seen, sessionId, deskCall } = interrupted;
    const interruption = {
      since,
      cut: seen,
      until: seen + REJOIN_SECONDS * 1_000,
      ...(desk.isOn.peek() && deskCall !== undefined && { deskCall }),
    };
    calls.dispatch({ type: 'interruption-found', call, interruption });
    return { leads, sessionId };
  }

  function onCallEvent(event: PhoneEvent): void {
    // Of a call that was ended here the platform says how that looks to others.
    log.add(
      event.type === 'over' && !isOpen(event.callId) ? `phone: over, ${event.callId}` : describe(event),
      event,
    );
    switch (event.type) {
      case 'dial-progress':
        calls.dispatch({ ...event, at: Date.now() });
        break;
      case 'media-back':
      case 'mute-changed':
        calls.dispatch(event);
        break;
      case 'invited':
        // The last conversation goes on after the sign-in has ended; nothing else begins.
        if (line.state.peek().name !== 'signed-out') {
          invited(event.call);
        }
        break;
      case 'over':
        lastOver = event.callId;
        passedOver.delete(event.callId);
        calls.dispatch({ ...event, at: Date.now() });
        break;
      case 'media-lost':
        calls.dispatch({ ...event, at: Date.now() });
    }
  }

  function invited(call: Call): void {
    const offered = desk.view.peek()?.offer?.call;
    if (offered !== undefined) desk.report(offered, 'invited');
    if (!desk.isOn.peek()) {
      calls.dispatch({ type: 'invited', call, at: Date.now() });
    } else if (['passed-over', 'elsewhere'].includes(desk.presence.peek())) {
      passedOver.set(call.id, call);
    } else {
      offers.invited(call);
    }
  }

  function isOpen(callId: string): boolean {
    const { phase, waiting } = calls.state.peek();
    return currentCall(phase)?.id === callId || waiting.some(({ id }) => id === callId);
  }

  async function lineOpen(left: AbortSignal): Promise<void> {
    const { state } = line;
    await until(() => ['open', 'refused', 'signed-out', 'following'].includes(state.value.name), left);
    if (state.peek().name !== 'open') {
      throw new Error('The line could not be opened.');
    }
  }

  function remember(): void {
    const phase = calls.phase.peek();
    const sessionId = line.sessionId.peek();
    // Of a call that nobody has answered, a reload leaves nothing to take up.
    if (phase.name === 'in-call' && sessionId !== null && !isDialled(phase.call)) {
      const deskCall = offers.deskCallOf(phase.call.id);
      memory()?.call.keep({
        call: phase.call,
        since: phase.since,
        sessionId,
        seen: Date.now(),
        ...(deskCall !== undefined && { deskCall }),
      });
    }
  }

  const ringing = computed(() => (calls.phase.value.name === 'ringing' ? calls.phase.value.call : null));
  scope.add(
    effect(() => {
      const call = ringing.value;
      return call
        ? untracked(() => {
            const sound = options.desk.sound.peek();
            log.add(`ring: sound ${sound}`, { type: 'rang', callId: call.id, sound });
            return options.ring(call);
          })
        : undefined;
    }),
  );

  const deskCallRinging = computed(() => ringing.value && offers.of(ringing.value.id)?.call);
  scope.add(
    effect(() => {
      const call = deskCallRinging.value;
      if (call) untracked(() => desk.report(call, 'rang'));
    }),
  );

  let waitingBefore = 0;
  scope.add(
    effect(() => {
      const waiting = calls.state.value.waiting.length;
      if (waiting > waitingBefore && isLive(calls.phase.peek())) {
        options.hint();
      }
      waitingBefore = waiting;
    }),
  );

  const talking = computed(() => calls.phase.value.name === 'in-call');
  let lastTaken: string | null = null;
  scope.add(
    effect(() => {
      const { value } = calls.phase;
      const taken = hasTakenCall(value) ? (currentCall(value)?.id ?? null) : null;
      if (lastTaken !== null && taken !== lastTaken) {
        memory()?.call.forget();
      }
      lastTaken = taken;
    }),
  );
  scope.add(
    effect(() => {
      // A new session while the call goes on has a new id.
      if (talking.value && line.sessionId.value !== null) {
        remember();
        const timer = setInterval(remember, REMEMBER_EVERY_MS);
        return () => clearInterval(timer);
      }
    }),
  );

  return {
    line,
    calls,
    desk,
    offers,
    dialler,
    recent,
    log,
    nameOf: (from) =>
      visibleMarks(line.kit.value?.formatNumber(from) ?? (/^\d{7,15}$/.test(from) ? `+${from}` : from)),
    remember,
    leave() {
      remember();
      if (currentCall(calls.phase.peek()) === null) {
        desk.leave();
      }
    },
    signOut() {
      const own = memory();
      own?.call.forget();
      own?.recent.forget();
      line.dispatch({ type: 'sign-out' });
    },
    async yield() {
      leads = false;
      await line.yield();
      // A call that was interrupted here can be rejoined in the tab that leads now.
      lastTaken = null;
      memory()?.call.handOver();
      calls.dispatch({ type: 'forget' });
    },
    promoted() {
      line.dispatch({ type: 'promoted' });
    },
    close() {
      scope.close();
      calls.close();
      line.close();
    },
  };
}

function describe(event: PhoneEvent): string {
  switch (event.type) {
    case 'invited':
      return `phone: invited by ${event.call.from || 'unknown'} (${event.call.kind}), ${event.call.id}`;
    case 'over':
      return `phone: over (${event.reason}), ${event.callId}`;
    case 'mute-changed':
      return `phone: ${event.muted ? 'muted' : 'not muted'}, ${event.callId}`;
    case 'keys-heard':
      return `phone: caller pressed ${event.digits}, ${event.callId}`;
    case 'noted':
      return `phone: ${event.text}`;
    case 'dial-progress':
      return `phone: ${event.progress} at the other side, ${event.callId}`;
    case 'media-lost':
    case 'media-back':
      return `phone: ${event.type}, ${event.callId}`;
    default:
      return `phone: ${event.type}`;
  }
}
