import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import { type CallEffect, type CallEvent, step } from './call-machine.ts';
import { keepMicrophone } from './call-microphone.ts';
import {
  type Call,
  type CallState,
  currentCall,
  type EndedCall,
  noCalls,
  type OfferEnd,
  type Phase,
} from './call-state.ts';
import { messageOf } from './message-of.ts';
import { type HeldMicrophone, MicrophoneError } from './microphone.ts';
import { type Phone, PhoneError } from './phone.ts';
import { type CallButton, counts, noButtons, settle } from './press-guard.ts';

interface CallControllerOptions {
  /** The phone, once a session has been tried. */
  phone: () => Phone | null;
  /** Resolves when the line is open; rejects when it cannot be opened, or `left` is aborted first. */
  lineOpen: (left: AbortSignal) => Promise<void>;
  holdMicrophone: () => Promise<HeldMicrophone>;
  /** The devices that the agent chose. */
  chosen: Record<'microphone' | 'speaker', ReadonlySignal<string>>;
  /** How loud calls are, from 0 to 1. */
  volume: ReadonlySignal<number>;
  /** Runs `look` whenever a device comes or goes. Returns how to stop. */
  onDevices: (look: () => void) => () => void;
  onEnded: (ended: EndedCall) => void;
  /** How a call that has ended really ended. */
  onCorrected: (callId: string, end: OfferEnd) => void;
  /** Tells the desk that the agent hangs up on purpose; null without a desk. */
  announceHangUp: (callId: string) => Promise<void> | null;
  /** Whether the platform said that the call is over. */
  isOver: (callId: string) => boolean;
  /** How long a call may ring, in milliseconds: the platform's limit and a margin. */
  ringLimitMs: number;
  /** When the press that is being handled began (milliseconds since the epoch). */
  pressStartedAt: () => number;
  log: (text: string, phase?: Phase) => void;
}

/** Runs the calls of this page: hands what happens to the machine, and what it decides to the phone. */
export interface CallController {
  state: ReadonlySignal<CallState>;
  phase: ReadonlySignal<Phase>;
  dispatch(event: CallEvent): void;
  /** The agent pressed a button about a call; a press that was not meant for it does nothing. */
  press(button: CallButton, callId: string): void;
  /** Whether a button has changed so recently that it ignores presses. */
  isSettling(button: CallButton, callId: string): boolean;
  /** Ends what has rung too long; call it when the page or its connection comes back. */
  checkTime(): void;
  /** Sends keys to the other side of the call that is talked in; resolves with whether they got there. */
  sendDigits(digits: string): Promise<boolean>;
  /** The browser's statistics of the connection of the call that is talked in; none where there is no such call. */
  statistics(): Promise<readonly Record<string, unknown>[]>;
  close(): void;
}

/** How long the end of a call stays on the page (milliseconds). */
export const END_SHOWN_MS = 6_000;

/** How long the platform may take to confirm a mute (milliseconds). */
export const MUTE_PATIENCE_MS = 3_000;

const TICK_MS = 1_000;

/** How long a call may take to come back once nobody could ask for it any more (milliseconds). */
const REJOIN_PATIENCE_MS = 15_000;

export function createCallController(options: CallControllerOptions): CallController {
  const { log } = options;
  const state = signal<CallState>(noCalls);
  const phase = computed(() => state.value.phase);

  function dispatch(event: CallEvent): void {
    const before = state.peek();
    const { state: after, effects } = step(before, event);
    if (after.phase !== before.phase && after.phase.name !== before.phase.name) {
      const { phase } = after;
      log(`call: ${phase.name}${phase.name === 'ended' ? ` (${phase.ended.reason})` : ''}`, phase);
    }
    state.value = after;
    for (const one of effects) {
      perform(one);
    }
  }

  function perform(one: CallEffect): void {
    switch (one.type) {
      case 'answer':
        void join(one.call, async (phone) => {
          await phone().answer(one.call.id);
          return { type: 'joined', callId: one.call.id, at: Date.now() };
        });
        break;
      case 'rejoin':
        void join(one.call, async (phone, left) => {
          await options.lineOpen(left);
          await phone().rejoin(one.call.id);
          return { type: 'joined', callId: one.call.id, at: Date.now() };
        });
        break;
      case 'dial':
        void join(one.call, async (phone) => {
          const leg = await phone().dial(one.call.from);
          return { type: 'dial-placed', callId: one.call.id, leg, at: Date.now() };
        });
        break;
      case 'cancel-dial':
        void options.announceHangUp(one.callId);
        break;
      case 'reject':
        void tryTo('reject', (phone) => phone.reject(one.callId));
        break;
      case 'hang-up':
        void hangUp(one.callId);
        break;
      case 'leave':
        void leave(one.callId);
        break;
      case 'set-muted':
        void setMuted(one.callId, one.muted);
        break;
      case 'record':
        options.onEnded(one.ended);
        break;
      case 'correct':
        options.onCorrected(one.callId, one.end);
    }
  }

  /** The microphone comes first: a platform that has let the agent in would leave the caller in silence. */
  async function join(
    call: Call,
    connect: (phone: () => Phone, left: AbortSignal) => Promise<CallEvent>,
  ): Promise<void> {
    const left = new AbortController();
    const stopWatching = effect(() => {
      if (!isJoining(phase.value, call)) {
        left.abort();
      }
    });
    let held: HeldMicrophone | null = null;
    try {
      held = await options.holdMicrophone();
    } catch (error) {
      log(`microphone: ${messageOf(error)}`);
      const problem = error instanceof MicrophoneError ? error.problem : 'busy';
      dispatch({ type: 'microphone-failed', callId: call.id, problem });
    }
    try {
      if (held && !left.signal.aborted) {
        dispatch(await connect(phoneOrThrow, left.signal));
      }
    } catch (error) {
      log(`join: ${messageOf(error)}`);
      dispatch({ type: 'join-failed', callId: call.id, at: Date.now() });
    } finally {
      held?.release();
      stopWatching();
    }
  }

  /** A call that was not quite answered cannot be hung up, only rejected. */
  async function hangUp(callId: string): Promise<void> {
    const announced = options.announceHangUp(callId);
    if (announced) {
      await announced;
      if (options.isOver(callId)) {
        // The desk ended the leg, too, and was faster.
        return;
      }
    }
    if (!(await tryTo('hang up', (phone) => phone.hangUp(callId))) && !options.isOver(callId)) {
      await tryTo('reject instead', (phone) => phone.reject(callId));
    }
  }

  /** The page may have been reloaded a moment ago: its session comes first. */
  async function leave(callId: string): Promise<void> {
    await tryTo('leave', async () => {
      await options.lineOpen(AbortSignal.timeout(REJOIN_PATIENCE_MS));
      await phoneOrThrow().leave(callId);
    });
  }

  async function setMuted(callId: string, muted: boolean): Promise<void> {
    if (!(await tryTo('mute', (phone) => phone.setMuted(callId, muted)))) {
      dispatch({ type: 'mute-unconfirmed', callId });
    }
  }

  async function tryTo(what: string, ask: (phone: Phone) => Promise<void>): Promise<boolean> {
    try {
      await ask(phoneOrThrow());
      return true;
    } catch (error) {
      log(`${what}: ${messageOf(error)}`);
      return false;
    }
  }

  function phoneOrThrow(): Phone {
    const phone = options.phone();
    if (!phone) {
      throw new PhoneError('unreachable', 'The phone is not ready yet.');
    }
    return phone;
  }

  const talkingIn = computed(() => (phase.value.name === 'in-call' ? phase.value.call.id : null));
  const stopKeeping = effect(() => {
    const callId = talkingIn.value;
    const joined = callId === null ? null : options.phone();
    if (callId === null || !joined) {
      return;
    }
    return untracked(() =>
      keepMicrophone({
        phone: joined,
        callId,
        hold: options.holdMicrophone,
        onDevices: options.onDevices,
        isChosen: () => options.chosen.microphone.peek() !== '',
        onChoice: (swap) => onChange(options.chosen.microphone, swap),
        onChange: (change) => dispatch({ type: 'microphone-changed', callId, state: change }),
        log,
      }),
    );
  });

  let isQuieter = false;
  // Each call begins on the system's own choice.
  let isRouted = false;
  const stopPlaying = effect(() => {
    const deviceId = options.chosen.speaker.value;
    const isTalking = talkingIn.value !== null;
    const wasRouted = isRouted;
    isRouted = isTalking && deviceId !== '';
    if (isTalking && (isRouted || wasRouted)) {
      void tryTo('speaker', (joined) => joined.setSpeaker(deviceId));
    }
  });

  const stopVolume = effect(() => {
    const volume = options.volume.value;
    if (talkingIn.value !== null && volume !== 1) {
      isQuieter = true;
    }
    if (talkingIn.value !== null && isQuieter) {
      options.phone()?.setVolume(volume);
    }
  });

  const guard = signal(noButtons);
  const settledAt = signal(0);
  const stopGuarding = effect(() => {
    const calls = state.value;
    const now = Date.now();
    const next = settle(guard.peek(), calls, now);
    guard.value = next;
    settledAt.value = now;
    const pending = [...next.from.values()].filter((from) => from > now);
    if (pending.length > 0) {
      const timer = setTimeout(
        () => {
          settledAt.value = Date.now();
        },
        Math.max(...pending) - now,
      );
      return () => clearTimeout(timer);
    }
  });

  function press(button: CallButton, callId: string): void {
    if (counts(guard.peek(), button, callId, options.pressStartedAt())) {
      dispatch(eventOf(button, callId));
    }
  }

  function checkTime(): void {
    dispatch({ type: 'tick', at: Date.now(), ringLimit: options.ringLimitMs });
  }

  const hasClock = computed(() => {
    const { phase, waiting } = state.value;
    return phase.name === 'ringing' || phase.name === 'in-call' || waiting.length > 0;
  });
  // A timer for the end itself would stand still while the machine sleeps.
  const stopClock = effect(() => {
    if (hasClock.value) {
      const timer = setInterval(checkTime, TICK_MS);
      return () => clearInterval(timer);
    }
  });

  // While the agent talks the phase changes with the clock: that must not start the timer again.
  const timed = computed(() => {
    const { value } = phase;
    const id = value.name === 'ended' ? value.ended.call.id : currentCall(value)?.id;
    return `${value.name} ${id} ${value.name === 'in-call' && value.mutedWanted}`;
  });
  const stopTimers = effect(() => {
    void timed.value;
    const next = timeLimit(phase.peek());
    if (next) {
      const timer = setTimeout(() => dispatch(next.event()), next.ms);
      return () => clearTimeout(timer);
    }
  });

  return {
    state,
    phase,
    dispatch,
    async sendDigits(digits) {
      const now = phase.peek();
      return now.name === 'in-call' && tryTo('keys', (phone) => phone.sendDigits(now.call.id, digits));
    },
    async statistics() {
      const callId = talkingIn.peek();
      return (callId !== null && (await options.phone()?.statistics(callId))) || [];
    },
    press,
    isSettling: (button, callId) => !counts(guard.value, button, callId, settledAt.value),
    checkTime,
    close() {
      stopGuarding();
      stopKeeping();
      stopPlaying();
      stopVolume();
      stopClock();
      stopTimers();
    },
  };
}

function eventOf(button: CallButton, callId: string): CallEvent {
  const at = Date.now();
  switch (button) {
    case 'answer':
    case 'toggle-mute':
    case 'rejoin':
      return { type: button };
    case 'reject':
    case 'hang-up':
      return { type: button, at };
    case 'take-next':
    case 'reject-waiting':
      return { type: button, callId, at };
  }
}

/** What happens in a phase without anyone's doing, and after how many milliseconds. */
function timeLimit(phase: Phase): { ms: number; event: () => CallEvent } | null {
  switch (phase.name) {
    case 'ended':
      return { ms: END_SHOWN_MS, event: () => ({ type: 'end-shown', callId: phase.ended.call.id }) };
    case 'rejoinable':
    case 'returning':
      return {
        ms: Math.max(0, phase.interruption.until - Date.now()),
        event: () => ({ type: 'interruption-expired', callId: phase.call.id, at: Date.now() }),
      };
    case 'joining':
      return phase.interruption
        ? {
            ms: Math.max(0, phase.interruption.until - Date.now()) + REJOIN_PATIENCE_MS,
            event: () => ({ type: 'join-failed', callId: phase.call.id, at: Date.now() }),
          }
        : null;
    case 'in-call':
      return phase.mutedWanted === null
        ? null
        : { ms: MUTE_PATIENCE_MS, event: () => ({ type: 'mute-unconfirmed', callId: phase.call.id }) };
    default:
      return null;
  }
}

/** Runs `run` whenever a signal changes, but not for what it is now. Returns how to stop. */
function onChange(watched: ReadonlySignal<string>, run: () => void): () => void {
  let last = watched.peek();
  return watched.subscribe((value) => {
    if (value !== last) {
      last = value;
      run();
    }
  });
}

function isJoining(phase: Phase, call: Call): boolean {
  return phase.name === 'joining' && phase.call.id === call.id;
}
