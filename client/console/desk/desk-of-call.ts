import type { Call } from '../../../domain/calls/call.ts';
import type { Exit } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';

/** What only the desk knows of a call as a whole; all null without a desk. */
export interface DeskOfCall {
  queue: string | null;
  /** How the caller left the desk, who may have come back by a callback since; null: not yet. */
  exit: Exit | null;
  /** Milliseconds until an agent had the caller, or the caller left; null: not yet, or nobody waited. */
  waited: number | null;
}

export function deskOf({ legs }: Pick<Call, 'legs'>, desk: readonly DeskEvent[] | null): DeskOfCall {
  const ids = new Set(legs.map(({ uuid }) => uuid));
  let [queue, exit]: [string | null, Exit | null] = [null, null];
  let [enteredAt, servedAt]: (number | null)[] = [null, null];
  for (const event of desk ?? []) {
    // What an agent dialled has another id than her leg.
    if (event.kind === 'agent dialed' && ids.has(event.leg)) ids.add(event.call);
    if (!('call' in event) || !ids.has(event.call)) continue;
    if (event.kind === 'entered') enteredAt ??= event.at;
    if (event.kind === 'entered' || event.kind === 'queue chosen' || event.kind === 'agent dialed')
      queue = event.queue;
    if (event.kind === 'connected' || event.kind === 'left') servedAt ??= event.at;
    if (event.kind === 'left') exit = event.exit;
  }
  const waited = enteredAt == null || servedAt == null ? null : servedAt - enteredAt;
  return { queue, exit, waited };
}
