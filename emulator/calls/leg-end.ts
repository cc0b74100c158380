import type { LegStatus, StatusDetail } from '../webhooks/call-events.ts';

/** Why a leg ended, seen from the leg itself. */
export type EndCause =
  | 'hung-up-here' // the person on this leg hung up
  | 'hung-up-there' // the other person hung up, or the call was over
  | 'rejected'
  | 'busy'
  | 'out-of-service' // nobody has the number
  | 'ring-timeout'
  | 'cancelled' // the caller gave up while this leg rang
  | 'unreachable' // no page of the user, no telephone, no socket was there
  | 'no-media' // joined, but sound never came
  | 'media-lost'
  | 'length-limit'
  | 'machine' // a machine answered a call that is for people
  | 'disconnected' // the program closed its socket
  | 'failed';

export interface LegEnd {
  cause: EndCause;
  /** Reason that the person's device gave (`hangup(id, text, code)`). */
  code?: string;
  text?: string;
  /** How the call ended that this leg was connected to, or what was wrong with the application. */
  because?: EndCause | 'application-error';
}

/** The status webhooks for an end before the answer. The last is `completed`, except after a rejection. */
const END_STATUS: Partial<Record<EndCause, [LegStatus, StatusDetail]>> = {
  rejected: ['rejected', { detail: 'declined', sip_code: 603 }],
  busy: ['busy', { sip_code: 486 }],
  'out-of-service': ['failed', { detail: 'number_out_of_service', sip_code: 404 }],
  'ring-timeout': ['timeout', { sip_code: 480 }],
  cancelled: ['cancelled', { sip_code: 487 }],
  unreachable: ['unanswered', { detail: 'unavailable', sip_code: 480 }],
  'no-media': ['failed', { detail: 'internal_error', sip_code: 500 }],
  failed: ['failed', { detail: 'cannot_route', sip_code: 404 }],
};

/** Ends that the party of the leg brought about itself; all others are the platform's doing. */
const BY_PARTY: ReadonlySet<EndCause> = new Set(['hung-up-here', 'busy', 'disconnected']);

/** The statuses that report an end to the application, in order. */
export function endReports(end: LegEnd, isAnswered: boolean): [LegStatus, StatusDetail][] {
  const { cause, text = '' } = end;
  const reports: [LegStatus, StatusDetail][] = [];
  const reason = isAnswered ? undefined : END_STATUS[cause];
  if (reason) reports.push(reason);
  else if (cause === 'disconnected') reports.push(['disconnected', { reason: text }]);
  if (cause === 'rejected' && !isAnswered) return reports;
  const disconnected_by = BY_PARTY.has(cause) ? 'user' : 'platform';
  const unanswered = reason?.[1].sip_code ?? (cause === 'hung-up-here' ? 487 : 480);
  reports.push(['completed', { disconnected_by, sip_code: isAnswered ? 200 : unanswered }]);
  return reports;
}
