import type { Request, RequestHandler, Response } from 'express';
import { ROLES, type Role } from '../../domain/api/page-api.ts';
import type { Actor } from '../audit/audit.ts';
import { HttpError } from '../http/errors.ts';
import { isForPublicHost, isFromThisMachine } from '../http/sender.ts';
import type { Roster } from './roster.ts';
import type { Sessions } from './sessions.ts';

/** Name of the session cookie. */
export const COOKIE = 'switchboard';

/** How people sign in. */
export type SignIn =
  /** No sign-in: the server listens on loopback and uses the emulator. */
  | { kind: 'automatic' }
  | {
      kind: 'code';
      sessions: Sessions;
      isCode(agent: string, code: string): Promise<boolean>;
    };

/** What decides who sends a request. */
export interface People {
  signIn: SignIn;
  roster: Roster;
}

/** Who sent a request, and what they may see. */
interface Viewer {
  /** Undefined where nobody signs in: a request may then name any agent. */
  agent: string | undefined;
  roles: readonly Role[];
  /** The only agent whose calls are visible; undefined: all calls are visible. */
  visibleTo: string | undefined;
  /**
   * Calls the listener once when the session ends, or the roles of the viewer change. `agent` is for whom something
   * is shown where nobody signs in. Returns a function that unsubscribes.
   */
  onEnd(listener: () => void, agent?: string): () => void;
}

/** The viewer of a request; undefined: nobody who is signed in. */
export async function viewerIn(request: Request, { signIn, roster }: People): Promise<Viewer | undefined> {
  if (signIn.kind === 'automatic') {
    return {
      agent: undefined,
      roles: ROLES,
      visibleTo: undefined,
      onEnd: (listener, agent) => (agent === undefined ? () => {} : onRolesChange(roster, agent, listener)),
    };
  }
  const session = await signIn.sessions.read(cookieOf(request));
  const account = session && roster.find(session.agent);
  if (session === undefined || account === undefined) return undefined;
  const { name, roles } = account;
  const seesAll = roles.includes('supervisor') || roles.includes('developer');
  return {
    agent: name,
    roles,
    visibleTo: seesAll ? undefined : name,
    onEnd(listener) {
      const undo = [session.onEnd(end), onRolesChange(roster, name, end)];
      function leave(): void {
        for (const each of undo) each();
      }
      function end(): void {
        leave();
        listener();
      }
      return leave;
    },
  };
}

/** Calls the listener once when someone's roles are changed, or they are removed. */
function onRolesChange(roster: Roster, name: string, listener: () => void): () => void {
  const rolesNow = () => roster.find(name)?.roles.join();
  const before = rolesNow();
  const leave = roster.onChange(() => {
    if (rolesNow() === before) return;
    leave();
    listener();
  });
  return leave;
}

/** The viewer of a request that was let in. */
export function viewerOf(response: Response): Viewer {
  return response.locals.viewer;
}

/** Whether a request may see and do what is for supervisors. */
export function isSupervisor(response: Response): boolean {
  const { agent, roles } = viewerOf(response);
  return agent === undefined || roles.includes('supervisor');
}

/** For whom a request acts: the one who is signed in, or where nobody signs in, the named agent or the first. */
export function actingAgent(response: Response, { roster }: People, named: string | undefined): string {
  const { agent } = viewerOf(response);
  if (agent !== undefined) {
    if (named === undefined || named === agent) return agent;
    throw new HttpError(403, 'not-allowed', 'Agents can change only their own state.');
  }
  const agents = roster.agents();
  const found = agents.find((name) => name === (named ?? agents[0]));
  if (found !== undefined) return found;
  throw new HttpError(404, 'not-found', `No agent has this name. The agents are: ${agents.join(', ')}.`);
}

/** Who sends a request that was let in, for the audit trail. Where nobody signs in, the first agent. */
export function actorOf(request: Request, response: Response, roster: Roster): Actor {
  return { who: viewerOf(response).agent ?? roster.agents()[0] ?? null, from: senderOf(request) };
}

/** The address from which a request came, for the audit trail. */
export function senderOf(request: Request): string | null {
  return request.ip?.replace(/^::ffff:/, '') ?? null;
}

/** The value of the session's cookie. */
export function cookieOf(request: Request): string | undefined {
  return cookieNamed(request, COOKIE);
}

/** The value of a cookie. */
export function cookieNamed(request: Request, wanted: string): string | undefined {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name?.trim() === wanted) return value?.trim();
  }
  return undefined;
}

/**
 * For servers without sign-in: rejects requests except from this machine to a local name, or to the public
 * address. A page can point its own host name to 127.0.0.1, but the browser then sends that name as Host.
 */
export function requireOwnHost(publicUrl: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (!isFromThisMachine(request) && !isForPublicHost(request, publicUrl)) {
      throw new HttpError(
        403,
        'not-allowed',
        'Open this server as 127.0.0.1 or localhost, or at PUBLIC_URL.',
      );
    }
    next();
  };
}

/** Rejects requests from pages of another origin. Programs send neither header and may pass. */
export const requireSameOrigin: RequestHandler = (request, _response, next) => {
  if (!isFromOwnPage(request)) {
    throw new HttpError(403, 'not-allowed', 'Only pages of this server may send this request.');
  }
  next();
};

function isFromOwnPage({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site !== undefined && site !== 'none') return false;
  // Browsers omit Sec-Fetch-Site on plain HTTP.
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}
