import type { TokenGrant, TokenRequest } from '../../domain/api/page-api.ts';
import { ApiCallError, isRecord, type Request } from '../session/request.ts';
import { createSessionApi, type SessionApi } from '../session/session-api.ts';
import { createDeskApi, type DeskApi } from './desk-api.ts';
import { createOutboundApi, type OutboundApi } from './dialler.ts';

/** The server of this page. Every promise rejects with an `ApiCallError`. */
export interface Api extends SessionApi, DeskApi, OutboundApi {
  token(request: TokenRequest): Promise<TokenGrant>;
}

export function createApi(request: Request): Api {
  return {
    ...createSessionApi(request),
    ...createDeskApi(request),
    ...createOutboundApi(request),
    token: async (body) => asGrant(await request('api/token', { method: 'POST', body })),
  };
}

function asGrant(value: unknown): TokenGrant {
  if (isGrant(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent no token.');
}

function isGrant(value: unknown): value is TokenGrant {
  return (
    isRecord(value) &&
    typeof value.token === 'string' &&
    typeof value.agent === 'string' &&
    typeof value.expiresIn === 'number' &&
    isRecord(value.sdk)
  );
}
