import type { SessionState, SignInRequest } from '../../domain/api/page-api.ts';
import { ApiCallError, isRecord, type Request } from './request.ts';

/** Who is at this page. Every promise rejects with an `ApiCallError`. */
export interface SessionApi {
  session(): Promise<SessionState>;
  signIn(request: SignInRequest): Promise<SessionState>;
  signOut(): Promise<void>;
}

export function createSessionApi(request: Request): SessionApi {
  return {
    session: async () => asSession(await request('api/session')),
    signIn: async (body) => asSession(await request('api/session', { method: 'POST', body })),
    signOut: async () => {
      await request('api/session', { method: 'DELETE' });
    },
  };
}

function asSession(value: unknown): SessionState {
  if (isSession(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent no session state.');
}

function isSession(value: unknown): value is SessionState {
  const flagOrNone = (field: unknown) => field === undefined || typeof field === 'boolean';
  const textOrNull = (field: unknown) => field === null || typeof field === 'string';
  return (
    isRecord(value) &&
    textOrNull(value.agent) &&
    Array.isArray(value.roles) &&
    Array.isArray(value.agents) &&
    (value.routing === 'direct' || value.routing === 'desk') &&
    flagOrNone(value.called) &&
    flagOrNone(value.checksSignatures) &&
    (value.signIn === 'automatic' || value.signIn === 'code') &&
    textOrNull(value.number) &&
    textOrNull(value.phoneUrl)
  );
}
