import { ApiCallError, type ApiFailure } from '../session/request.ts';
import type { LineFailure, SignInProblem } from './line-machine.ts';
import { PhoneError } from './phone.ts';

/** Whether the page can get over it by trying again. */
export function isPassing(failure: LineFailure): boolean {
  return failure === 'server-gone' || failure === 'no-network' || failure === 'vonage-unreachable';
}

const apiFailures: Record<ApiFailure, LineFailure> = {
  'bad-request': 'not-allowed',
  'sign-in-needed': 'sign-in-needed',
  'wrong-code': 'sign-in-needed',
  'too-many-tries': 'server-gone',
  'not-allowed': 'not-allowed',
  'role-missing': 'no-role',
  'not-found': 'no-agent',
  conflict: 'server-gone',
  'vonage-unreachable': 'vonage-unreachable',
  'vonage-refused': 'token-refused',
  internal: 'server-gone',
  unreachable: 'server-gone',
};

/** What an error of the server, of the phone or of loading the phone means for the line. */
export function failureOf(error: unknown): LineFailure {
  if (error instanceof ApiCallError) {
    return apiFailures[error.failure];
  }
  if (error instanceof PhoneError) {
    switch (error.failure) {
      case 'token-expired':
      case 'token-refused':
      case 'session-limit':
        return error.failure;
      default:
        return 'vonage-unreachable';
    }
  }
  // The phone's code could not be loaded.
  return 'server-gone';
}

/** What an error of the server means for somebody who signs in. */
export function signInProblem(error: unknown): SignInProblem {
  const failure = error instanceof ApiCallError ? error.failure : 'unreachable';
  switch (failure) {
    case 'wrong-code':
    case 'too-many-tries':
    case 'not-allowed':
      return failure;
    case 'bad-request':
    case 'not-found':
      return 'wrong-code';
    default:
      return 'unreachable';
  }
}
