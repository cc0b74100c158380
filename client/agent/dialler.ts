import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { AgentDesk } from '../../domain/api/desk-api.ts';
import type { OutboundCheck } from '../../domain/api/outbound-api.ts';
import type { DialFailure } from '../../domain/desk/desk.ts';
import { outboundId } from '../../domain/webhooks/outbound-id.ts';
import { ApiCallError, isRecord, type Request } from '../session/request.ts';
import type { CallController } from './call-controller.ts';
import { currentCall, type EndReason, hasTakenCall } from './call-state.ts';
import { messageOf } from './message-of.ts';

/** What the server says of numbers. Rejects with an `ApiCallError`. */
export interface OutboundApi {
  /** Whether a number may be dialled, as it was typed. */
  outbound(number: string): Promise<OutboundCheck>;
}

export function createOutboundApi(request: Request): OutboundApi {
  return {
    async outbound(number) {
      const reply = await request(`api/outbound?${new URLSearchParams({ number })}`);
      if (isCheck(reply)) {
        return reply;
      }
      throw new ApiCallError('unreachable', 'The server did not say whether the number may be called.');
    },
  };
}

function isCheck(value: unknown): value is OutboundCheck {
  return (
    isRecord(value) &&
    typeof value.allowed === 'boolean' &&
    (value.number === null || typeof value.number === 'string') &&
    (value.reason === null || typeof value.reason === 'string')
  );
}

/** Why a number was not called; `no answer from server`: the server does not respond. */
export type DialProblem = DialFailure | 'server';

/** Calls numbers from this page. */
export interface Dialler {
  /** Whether a number can be called now. */
  isReady: ReadonlySignal<boolean>;
  /** Whether the server is asked about a number. */
  isAsking: ReadonlySignal<boolean>;
  /** Why the last number was not called; null: it was, or nobody asked. */
  problem: ReadonlySignal<DialProblem | null>;
  /** Calls a number as it was typed, pasted or found in a list, if the server allows it. */
  dial(number: string): Promise<void>;
  /** Somebody types another number. */
  forgetProblem(): void;
  close(): void;
}

interface DiallerOptions {
  api: OutboundApi;
  calls: Pick<CallController, 'phase' | 'dispatch'>;
  /** What the desk said last; null without a desk. */
  view: ReadonlySignal<AgentDesk | null>;
  /** Whether this page has the line, and it is open. */
  isReady: ReadonlySignal<boolean>;
  log: (text: string) => void;
}

export function createDialler({ api, calls, view, isReady, log }: DiallerOptions): Dialler {
  const isAsking = signal(false);
  const problem = signal<DialProblem | null>(null);
  let dialled = 0;

  async function dial(text: string): Promise<void> {
    if (!isReady.peek() || isAsking.peek()) {
      return;
    }
    isAsking.value = true;
    problem.value = null;
    try {
      const { number, reason } = await api.outbound(text);
      if (number === null) {
        problem.value = reason ?? 'not a number';
      } else if (isReady.peek()) {
        dialled += 1;
        const call = { id: `dialled-${dialled}`, from: number, kind: 'phone' as const };
        calls.dispatch({ type: 'dial', call, at: Date.now() });
      }
    } catch (error) {
      log(`dial: ${messageOf(error)}`);
      problem.value = 'server';
    } finally {
      isAsking.value = false;
    }
  }

  // What the desk knows of the phone that is called.
  const stopFollowing = effect(() => {
    const desk = view.value;
    const call = currentCall(calls.phase.value);
    if (desk === null || call?.progress === undefined || call.progress === 'answered') {
      return;
    }
    const { call: talk, lastFailure } = desk;
    const id = outboundId(call.id);
    untracked(() => {
      if (lastFailure?.action === 'dial' && lastFailure.call === id) {
        const reason = ENDS[lastFailure.reason ?? 'unreachable'];
        calls.dispatch({ type: 'dial-failed', callId: call.id, reason, at: Date.now() });
      } else if (talk?.id === id && (talk.state === 'ringing' || talk.state === 'talking')) {
        const progress = talk.state === 'talking' ? 'answered' : 'ringing';
        calls.dispatch({ type: 'dial-progress', callId: call.id, progress, at: Date.now() });
      }
    });
  });

  return {
    isReady,
    isAsking,
    problem,
    dial,
    forgetProblem() {
      problem.value = null;
    },
    close: stopFollowing,
  };
}

const ENDS: Readonly<Record<DialFailure, EndReason>> = {
  busy: 'busy',
  declined: 'they-declined',
  'no answer': 'no-answer',
  unreachable: 'not-reached',
  'busy here': 'not-placed',
  'not a number': 'not-placed',
  short: 'not-placed',
  own: 'not-placed',
  'not allowed': 'not-placed',
  premium: 'not-placed',
};

/** Whether a call leaves room for another one that is dialled. */
export function leavesRoom(phase: Parameters<typeof hasTakenCall>[0]): boolean {
  return !hasTakenCall(phase) && phase.name !== 'ringing';
}
