import type { CallState } from './call-state.ts';

/**
 * Which presses count. A button that appeared where another one was, or that concerns another call than a
 * moment ago, was not meant by whoever was already pressing.
 */

/** What an agent can do with a call. */
export type CallButton =
  | 'answer'
  | 'reject'
  | 'hang-up'
  | 'toggle-mute'
  | 'rejoin'
  | 'take-next'
  | 'reject-waiting';

interface PressGuard {
  /** Usable buttons, as `answer leg-1`, with the moment from which a press counts. */
  readonly from: ReadonlyMap<string, number>;
  /** When a usable button went away last. */
  readonly lastGone: number;
}

/** How long a button that changed ignores presses (milliseconds). */
export const SETTLE_MS = 500;

export const noButtons: PressGuard = { from: new Map(), lastGone: Number.NEGATIVE_INFINITY };

/** The buttons after the calls changed. What was usable before stays as it is; what is new has to settle. */
export function settle(guard: PressGuard, state: CallState, now: number): PressGuard {
  const buttons = usableButtons(state);
  const isGone = [...guard.from.keys()].some((button) => !buttons.includes(button));
  const lastGone = isGone ? now : guard.lastGone;
  // Nothing was there to press when a first call begins to ring: Answer counts at once.
  const fresh = (guard.from.size > 0 ? now : lastGone) + SETTLE_MS;
  return { from: new Map(buttons.map((button) => [button, guard.from.get(button) ?? fresh])), lastGone };
}

/** Whether a press that began at `startedAt` was meant for this button. */
export function counts(guard: PressGuard, button: CallButton, callId: string, startedAt: number): boolean {
  return startedAt >= (guard.from.get(`${button} ${callId}`) ?? Number.POSITIVE_INFINITY);
}

function usableButtons({ phase, waiting: [next] }: CallState): string[] {
  const of = (callId: string, ...buttons: CallButton[]) => buttons.map((button) => `${button} ${callId}`);
  const waiting = next ? of(next.id, 'take-next', 'reject-waiting') : [];
  switch (phase.name) {
    case 'idle':
    case 'ended':
      return [];
    case 'ringing':
      return of(phase.call.id, 'answer', 'reject');
    case 'joining':
      return [...of(phase.call.id, 'hang-up'), ...waiting];
    case 'in-call':
      return [...of(phase.call.id, 'hang-up', 'toggle-mute'), ...waiting];
    case 'rejoinable':
      return [...of(phase.call.id, 'hang-up', 'rejoin'), ...waiting];
    case 'returning':
      return waiting;
  }
}
