import type { Request, RequestHandler, Response } from 'express';
import { HttpError } from '../http/errors.ts';
import { isForPublicHost, isFromThisMachine } from '../http/sender.ts';
import type { Session, Sessions } from './sessions.ts';

/** Name of the session cookie. */
export const COOKIE = 'switchboard';

/** How agents sign in. */
export type SignIn =
  /** No sign-in: the server listens on loopback and uses the emulator. */
  | { kind: 'automatic' }
  | {
      kind: 'code';
      /** Access codes by agent. */
      codes: ReadonlyMap<string, string>;
      sessions: Sessions;
    };

/** Who sent a request, and what they may see. */
interface Viewer {
  /** The only agent whose calls are visible; undefined: all calls are visible. */
  visibleTo: string | undefined;
  /** Calls the listener once when the session ends. Returns a function that unsubscribes. */
  onEnd: Session['onEnd'];
}

/** The agent who sent a request: from the cookie, or without sign-in the named one, else the first. */
export async function agentWhoAsks(
  request: Request,
  signIn: SignIn,
  agents: readonly string[],
  named?: string,
): Promise<string | undefined> {
  if (signIn.kind === 'code') return (await signIn.sessions.read(cookieOf(request)))?.agent;
  return agents.find((agent) => agent === (named ?? agents[0]));
}

/** Requires a session, unless there is no sign-in. Afterwards `viewerOf` returns the viewer. */
export function authenticate(signIn: SignIn, agents: readonly string[]): RequestHandler {
  return async (request, response, next) => {
    const viewer: Viewer | undefined =
      signIn.kind === 'automatic'
        ? { visibleTo: undefined, onEnd: () => () => {} }
        : viewerIn(await signIn.sessions.read(cookieOf(request)), agents);
    if (viewer === undefined) throw new HttpError(401, 'sign-in-needed', 'Sign in first.');
    response.locals.viewer = viewer;
    next();
  };
}

/** The viewer of a request that passed `authenticate`. */
export function viewerOf(response: Response): Viewer {
  return response.locals.viewer;
}

function viewerIn(session: Session | undefined, [first]: readonly string[]): Viewer | undefined {
  if (session === undefined) return undefined;
  const { agent, onEnd } = session;
  // Until roles exist, the first agent sees all calls.
  return { visibleTo: agent === first ? undefined : agent, onEnd };
}

/** The value of the session's cookie. */
export function cookieOf(request: Request): string | undefined {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name?.trim() === COOKIE) return value?.trim();
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
