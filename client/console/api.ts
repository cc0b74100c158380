import type { CallDetail, CallPage, ReplayResult } from '../../domain/api/console-api.ts';
import { ApiCallError, type Request } from '../session/request.ts';
import { createSessionApi, type SessionApi } from '../session/session-api.ts';
import type { Query } from './filter.ts';
import { isCallDetail, isCallPage, isReplayResult } from './guards.ts';

/** What the console asks the server. Every promise rejects with an `ApiCallError`. */
export interface ConsoleApi extends SessionApi {
  /** One page of the calls, newest first; `cursor` is null for the first. */
  calls(query: Query, cursor: string | null, signal: AbortSignal): Promise<CallPage>;
  /** How many calls of each outcome a time has; null where that is not counted. */
  outcomes(query: Pick<Query, 'since' | 'until'>, signal: AbortSignal): Promise<CallPage['outcomes'] | null>;
  call(id: string, signal: AbortSignal): Promise<CallDetail>;
  /** Sends an event to the server once more. */
  replay(callId: string, entryId: number): Promise<ReplayResult>;
}

/** Calls that are asked for at once. */
const PAGE_SIZE = 100;

export function createConsoleApi(request: Request): ConsoleApi {
  return {
    ...createSessionApi(request),
    async calls(query, cursor, signal) {
      const params = new URLSearchParams({
        ...query,
        ...(cursor !== null && { cursor }),
        limit: String(PAGE_SIZE),
      });
      return checked(await request(`api/calls?${params}`, { signal }), isCallPage);
    },
    async outcomes({ since, until }, signal) {
      const params = new URLSearchParams({ ...(since && { since }), ...(until && { until }), limit: '1' });
      return checked(await request(`api/calls?${params}`, { signal }), isCallPage).outcomes ?? null;
    },
    call: async (id, signal) => checked(await request(pathOf(id), { signal }), isCallDetail),
    replay: async (callId, entryId) =>
      checked(
        await request(`${pathOf(callId)}/entries/${entryId}/replay`, { method: 'POST' }),
        isReplayResult,
      ),
  };
}

function pathOf(callId: string): string {
  return `api/calls/${encodeURIComponent(callId)}`;
}

function checked<Value>(value: unknown, isOne: (value: unknown) => value is Value): Value {
  if (isOne(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent something else than what it was asked for.');
}
