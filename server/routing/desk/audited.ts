import type { Control } from '../../../domain/desk/controls.ts';
import type { DeskCall, Reservation } from '../../../domain/desk/desk.ts';
import { type Actor, type AuditFact, audit } from '../../audit/audit.ts';
import type { StoreTransaction } from '../../store/store.ts';

/** What the audit trail says of a control: what supervisors do in calls. Undefined: it is not recorded. */
export function auditOf(control: Control, call: string, actor: Actor): AuditFact | undefined {
  switch (control.action) {
    case 'supervise': {
      const details = control.private ? `${control.mode}, in private` : control.mode;
      return { ...actor, what: 'listened in', of: call, details };
    }
    case 'leave':
      return { ...actor, what: 'left the call', of: call };
    case 'end':
      return { ...actor, what: 'call ended', of: call };
    case 'move':
      return {
        ...actor,
        what: 'caller moved',
        of: call,
        details: control.to === 'front' ? 'to the front' : `to ${control.to.queue}`,
      };
    default:
      return undefined;
  }
}

/** Records what was done in a call, with the agent who talks in it. @param agent undefined: none */
export async function noteControl(
  transaction: StoreTransaction,
  noted: AuditFact,
  agent: string | undefined,
  at: number,
): Promise<void> {
  const details = [
    ...(noted.details ? [noted.details] : []),
    ...(agent === undefined ? [] : [`agent ${agent}`]),
  ];
  await audit(transaction, { ...noted, details: details.join(', ') || null }, at);
}

/** The agent who talks in a call. */
export async function agentIn(transaction: StoreTransaction, call: string): Promise<string | undefined> {
  const found = await transaction
    .selectFrom('desk_calls')
    .select('state')
    .where('id', '=', call)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { reservation }: DeskCall = JSON.parse(found.state);
  const held = await transaction
    .selectFrom('desk_reservations')
    .select('state')
    .where('id', '=', reservation ?? '')
    .executeTakeFirst();
  if (held === undefined) return undefined;
  const { agent }: Reservation = JSON.parse(held.state);
  return agent;
}
