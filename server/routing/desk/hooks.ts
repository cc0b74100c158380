import type { Desk } from '../../../domain/desk/desk.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { type Hook, hookOfAgent, hooksOfCall } from '../../../domain/hooks/hook.ts';
import { teamLines } from '../../history/project.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { viewAgent } from './view.ts';

/** The hooks of what the desk did, in the transaction that added the events. */
export async function deskHooks(
  transaction: StoreTransaction,
  before: Desk,
  after: Desk,
  events: readonly DeskEvent[],
  now: number,
): Promise<Hook[]> {
  const ended = new Set(events.flatMap((event) => (event.kind === 'ended' ? event.call : [])));
  const over = [...ended].filter((call) => before.calls.get(call)?.stage !== 'ended');
  const lines = await teamLines(transaction, over);
  return [...changedAgents(before, after, now), ...lines.flatMap((line) => hooksOfCall(line, now))];
}

function changedAgents(before: Desk, after: Desk, now: number): Hook[] {
  const touched = new Set<string>();
  for (const [name, agent] of after.agents) if (before.agents.get(name) !== agent) touched.add(name);
  for (const [id, reservation] of after.reservations) {
    const isSame =
      before.reservations.get(id) === reservation &&
      before.calls.get(reservation.call) === after.calls.get(reservation.call);
    if (!isSame) touched.add(reservation.agent);
  }
  return [...touched].flatMap((name) => {
    const [then, since] = [viewRecorded(before, name), viewRecorded(after, name)];
    return then === undefined || since === undefined ? [] : (hookOfAgent(then, since, now) ?? []);
  });
}

/** An agent as the desk last recorded her: that her page has not been heard from for long is an event of its own. */
function viewRecorded(desk: Desk, name: string) {
  const agent = desk.agents.get(name);
  return agent && viewAgent(desk, agent, agent.pageUntil - 1);
}
