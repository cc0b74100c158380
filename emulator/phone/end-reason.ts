import type { LegEnd } from '../calls/leg-end.ts';
import type { EndReason } from './protocol.ts';

/** What somebody in a call is told of its end, or who dialled it and was not put through. */
export function reasonOf(end: LegEnd): EndReason {
  switch (end.cause) {
    case 'hung-up-here':
      return 'you-hung-up';
    case 'hung-up-there':
      return reasonThere(end.because);
    case 'length-limit':
      return 'time-limit';
    default:
      return 'failed';
  }
}

/** The call was over at the other end, which has its own story. */
function reasonThere(because: LegEnd['because']): EndReason {
  switch (because) {
    case 'application-error':
      return 'application-error';
    case 'ring-timeout':
    case 'unreachable':
      return 'nobody-answered';
    case 'rejected':
    case 'busy':
      return because;
    case 'out-of-service':
      return 'not-in-service';
    case 'failed':
    case 'no-media':
    case 'media-lost':
      return 'failed';
    default:
      return 'far-side-hung-up';
  }
}

/** What a phone is told of the end of a call that nobody has answered. */
export function reasonWhileRinging(end: LegEnd | undefined): EndReason {
  switch (end?.cause) {
    case 'cancelled':
    case 'hung-up-there':
      return 'caller-gave-up';
    case 'ring-timeout':
      return 'nobody-answered';
    default:
      return 'failed';
  }
}
