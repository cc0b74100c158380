import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { LegAccount } from '../../../domain/api/console-api.ts';
import type { Agent } from '../agent.ts';
import { currentCall, type EndReason } from '../call-state.ts';
import { callsIn, isStale, type LegWebhook } from './two-accounts.ts';
import { useWorkspace } from './use-workspace.ts';

/** How often the server is asked (milliseconds). */
const LOOK_MS = 2_000;

/** How many calls are compared. */
export const MOST_CALLS = 3;

type Webhooks = ReadonlyMap<string, readonly LegWebhook[]>;

/**
 * What the webhooks say of the calls of this page: asked for while somebody looks at it. Without a desk, which tells
 * the page by itself, also during a call: an end of which the SDK says nothing ends it here.
 */
export function useWebhooks(isLooking: boolean): Signal<Webhooks> {
  const { agent, api } = useWorkspace();
  const webhooks = useMemo(() => signal<Webhooks>(new Map()), []);
  const phase = agent.calls.phase.value;
  const isAlone = !agent.desk.isOn.value && phase.name !== 'idle';

  useEffect(() => {
    if (!isLooking && !isAlone) {
      return;
    }
    let isOver = false;
    async function look(): Promise<void> {
      const known = callsIn(agent.log.entries.peek()).slice(0, MOST_CALLS);
      const shown = isLooking
        ? known.filter((id) => !isStale(webhooks.peek().get(id) ?? [], Date.now()))
        : [];
      for (const id of new Set([...shown, ...openCall(agent)])) {
        const asked = Date.now();
        // It is asked again a moment later.
        const account = await api.leg(id).catch(() => null);
        if (isOver || account === null) {
          continue;
        }
        const ahead = (asked + Date.now()) / 2 - account.now;
        const found = account.webhooks.map(({ status, at }) => ({ status, at: at + ahead }));
        webhooks.value = new Map([...webhooks.peek(), [id, found]]);
        if (isAlone) {
          heal(agent, id, found, account.called);
        }
      }
    }
    const timer = setInterval(() => void look(), LOOK_MS);
    void look();
    return () => {
      isOver = true;
      clearInterval(timer);
    };
    // The end of a call is looked for at once.
  }, [api, isLooking, isAlone, phase.name === 'ended']);

  return webhooks;
}

function openCall(agent: Agent): string[] {
  const phase = agent.calls.phase.peek();
  const call = phase.name === 'ended' ? phase.ended.call : currentCall(phase);
  return call === null ? [] : [call.id];
}

/** Brings the page in line with what the webhooks say of a call. */
function heal(
  agent: Agent,
  callId: string,
  webhooks: readonly LegWebhook[],
  called: LegAccount['called'],
): void {
  const phase = agent.calls.phase.peek();
  const at = Date.now();
  if (phase.name === 'ended') {
    const reason = phase.ended.call.id === callId && phase.ended.reason === 'no-answer' && whyNot(called);
    if (reason) {
      agent.calls.dispatch({ type: 'offer-over', callId, end: { reason, answeredBy: null }, at });
    }
  } else if (isStale(webhooks, at)) {
    agent.log.add(`server: the call is over, ${callId}`);
    agent.calls.dispatch(
      phase.name === 'ringing'
        ? { type: 'over', callId, reason: 'caller-gave-up', at }
        : { type: 'gone', callId, at },
    );
  }
}

/** Why somebody who was dialled did not answer: to the SDK it looks as if nobody did. */
function whyNot(called: LegAccount['called']): EndReason | null {
  switch (called) {
    case 'busy':
      return 'busy';
    case 'rejected':
      return 'they-declined';
    case 'failed':
      return 'not-reached';
    default:
      return null;
  }
}
