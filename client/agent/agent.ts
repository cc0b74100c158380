import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { createScope } from '../../ui/scope.ts';
import type { Api } from './api.ts';
import { type CallController, createCallController } from './call-controller.ts';
import { type CallMemory, REJOIN_SECONDS, type RememberedCall } from './call-memory.ts';
import { type Call, currentCall, type EndedCall, hasTakenCall, isLive, type Phase } from './call-state.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createLineController, type LineController } from './line-controller.ts';
import type { HeldMicrophone } from './microphone.ts';
import type { PhoneEvent, PhoneKit } from './phone.ts';
import type { RecentMemory } from './recent-memory.ts';
import { until } from './until.ts';

export interface AgentOptions {
  api: Api;
  loadPhone: () => Promise<PhoneKit>;
  memory: CallMemory;
  /** A call that this tab was in before it was reloaded, and that no other tab is in; else null. */
  interrupted: RememberedCall | null;
  /** Keeps other tabs from taking a call up that this tab is in; the returned function ends that. */
  holdCall: (callId: string) => () => void;
  recentMemory: RecentMemory;
  holdMicrophone: () => Promise<HeldMicrophone>;
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

/** The agent's work on this page: the line, the calls, and what is known about both. */
export interface Agent {
  line: LineController;
  calls: CallController;
  /** Calls of this tab that are over, newest first. */
  recent: ReadonlySignal<readonly EndedCall[]>;
  log: EventLog;
  /** A caller or a number as people write it; empty when it is unknown. */
  nameOf(from: string): string;
  /** Keeps what a reload needs up to date; call it when the page is being left. */
  remember(): void;
  close(): void;
}

const RECENT_KEPT = 50;
const REMEMBER_EVERY_MS = 2_000;

export function createAgent(options: AgentOptions): Agent {
  const { interrupted, memory } = options;
  const scope = createScope();
  const log = createEventLog();
  const recent = signal<readonly EndedCall[]>(options.recentMemory.read());

  const calls = createCallController({
    ringLimitMs: options.ringLimitMs,
    pressStartedAt: options.pressStartedAt,
    phone: () => line.phone(),
    lineOpen,
    holdMicrophone: options.holdMicrophone,
    onEnded: (ended) => {
      recent.value = [ended, ...recent.value].slice(0, RECENT_KEPT);
      options.recentMemory.write(recent.value);
    },
    log: log.add,
  });
  const line = createLineController({
    api: options.api,
    loadPhone: options.loadPhone,
    agent: options.name,
    sessionId: interrupted?.sessionId ?? null,
    onCallEvent,
    callOver: () => until(() => !isLive(calls.phase.value)),
    log: log.add,
    isOnline: options.isOnline,
    random: options.random,
  });

  if (interrupted) {
    const { call, since, seen } = interrupted;
    const interruption = { since, cut: seen, until: seen + REJOIN_SECONDS * 1_000 };
    calls.dispatch({ type: 'interruption-found', call, interruption });
  }

  function onCallEvent(event: PhoneEvent): void {
    // Of a call that was ended here the platform says how that looks to others.
    log.add(
      event.type === 'over' && !isOpen(event.callId) ? `phone: over, ${event.callId}` : describe(event),
    );
    switch (event.type) {
      case 'media-back':
      case 'mute-changed':
        calls.dispatch(event);
        break;
      case 'invited':
      case 'media-lost':
      case 'over':
        calls.dispatch({ ...event, at: Date.now() });
    }
  }

  function isOpen(callId: string): boolean {
    const { phase, waiting } = calls.state.peek();
    return currentCall(phase)?.id === callId || waiting.some(({ id }) => id === callId);
  }

  async function lineOpen(left: AbortSignal): Promise<void> {
    const { state } = line;
    await until(() => ['open', 'refused', 'signed-out'].includes(state.value.name), left);
    if (state.peek().name !== 'open') {
      throw new Error('The line could not be opened.');
    }
  }

  function remember(): void {
    const phase = calls.phase.peek();
    const sessionId = line.sessionId.peek();
    if (phase.name === 'in-call' && sessionId !== null) {
      memory.keep({ call: phase.call, since: phase.since, sessionId, seen: Date.now() });
    }
  }

  const ringing = computed(() => (calls.phase.value.name === 'ringing' ? calls.phase.value.call : null));
  scope.add(
    effect(() => {
      const call = ringing.value;
      return call ? untracked(() => options.ring(call)) : undefined;
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

  const ownCall = computed(() => callToHold(calls.phase.value));
  scope.add(
    effect(() => {
      const callId = ownCall.value;
      return callId === null ? undefined : options.holdCall(callId);
    }),
  );

  const talking = computed(() => calls.phase.value.name === 'in-call');
  const memoryIsStale = computed(() => isOver(calls.phase.value));
  scope.add(
    effect(() => {
      if (memoryIsStale.value) {
        memory.forget();
      }
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
    recent,
    log,
    nameOf: (from) => line.kit.value?.formatNumber(from) ?? (/^\d{7,15}$/.test(from) ? `+${from}` : from),
    remember,
    close() {
      scope.close();
      calls.close();
      line.close();
    },
  };
}

/** Which call would be disturbed if another tab took it up. */
function callToHold(phase: Phase): string | null {
  return hasTakenCall(phase) ? (currentCall(phase)?.id ?? null) : null;
}

function isOver(phase: Phase): boolean {
  return phase.name === 'idle' || phase.name === 'ended' || phase.name === 'ringing';
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
    case 'media-lost':
    case 'media-back':
      return `phone: ${event.type}, ${event.callId}`;
    default:
      return `phone: ${event.type}`;
  }
}
