import type { AuditPage } from '../../domain/api/audit-api.ts';
import type { AgentControlRequest, ControlRequest } from '../../domain/api/desk-api.ts';
import type { FigureCalls, WallView } from '../../domain/api/wall-api.ts';
import type { Figures } from '../../domain/desk/figures.ts';
import { ApiCallError, isRecord, type Request } from '../session/request.ts';
import { createSessionApi, type SessionApi } from '../session/session-api.ts';
import type { FigureName } from './figures.ts';

/** What the wall asks the server. Every promise rejects with an `ApiCallError`. */
export interface WallApi extends SessionApi {
  /** The figures of a day: 0 is today, -1 yesterday. */
  figures(day: number): Promise<Figures>;
  /** Today's calls that make up a figure, newest first. */
  figureCalls(figure: FigureName): Promise<FigureCalls>;
  /** A page of the audit trail, newest first. @param before where it begins; null: with the newest */
  audit(before: number | null): Promise<AuditPage>;
  controlCall(call: string, control: ControlRequest): Promise<void>;
  controlAgent(agent: string, control: AgentControlRequest): Promise<void>;
}

export function createWallApi(request: Request): WallApi {
  const post = async (path: string, body: unknown) => {
    await request(path, { method: 'POST', body });
  };
  return {
    ...createSessionApi(request),
    figures: async (day) => checked(await request(`api/figures?day=${day}`), isFigures),
    figureCalls: async (figure) =>
      checked(await request(`api/figures/calls?day=0&figure=${figure}`), isFigureCalls),
    audit: async (before) =>
      checked(await request(`api/audit${before === null ? '' : `?before=${before}`}`), isAuditPage),
    controlCall: (call, control) => post(`api/desk/calls/${encodeURIComponent(call)}/control`, control),
    controlAgent: (agent, control) => post(`api/desk/agents/${encodeURIComponent(agent)}/control`, control),
  };
}

/** What a message of the wall's feed says; null where it makes no sense. */
export function readWallView(data: unknown): WallView | null {
  try {
    const message: unknown = JSON.parse(String(data));
    return isWallView(message) ? message : null;
  } catch {
    return null;
  }
}

// The server is of the same build as the page: these only tell its answers from those of something between.

function checked<Value>(value: unknown, isOne: (value: unknown) => value is Value): Value {
  if (isOne(value)) return value;
  throw new ApiCallError('unreachable', 'The server sent something else than what it was asked for.');
}

function isFigures(value: unknown): value is Figures {
  return (
    isRecord(value) &&
    typeof value.from === 'number' &&
    typeof value.offered === 'number' &&
    Array.isArray(value.intervals) &&
    Array.isArray(value.agents)
  );
}

function isFigureCalls(value: unknown): value is FigureCalls {
  return isRecord(value) && Array.isArray(value.calls) && typeof value.total === 'number';
}

function isAuditPage(value: unknown): value is AuditPage {
  return isRecord(value) && Array.isArray(value.entries);
}

function isWallView(value: unknown): value is WallView {
  return (
    isRecord(value) &&
    typeof value.now === 'number' &&
    Array.isArray(value.agents) &&
    Array.isArray(value.queues) &&
    Array.isArray(value.calls) &&
    isRecord(value.voicemails)
  );
}
