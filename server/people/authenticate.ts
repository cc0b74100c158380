import type { Request, RequestHandler, Response } from 'express';
import { HttpError } from '../http/errors.ts';
import { isForPublicHost, isFromThisMachine } from '../http/sender.ts';
import type { Session, Sessions } from './sessions.ts';

/** Name of the cookie that says who is signed in. */
export const COOKIE = 'switchboard';

/** How agents prove who they are. */
export type SignIn =
  /** They need not: the server is on loopback, and its platform is the emulator. */
  | { kind: 'automatic' }
  | {
      kind: 'code';
      /** Access codes by agent. */
      codes: ReadonlyMap<string, string>;
      sessions: Sessions;
    };

/** Whoever asks, as far as it matters to what they may see. */
interface Viewer {
  /** The agent whose calls alone may be seen; undefined: all calls. */
  visibleTo: string | undefined;
  /** Calls the listener once when they may see nothing any more. Returns its undo. */
  onEnd: Session['onEnd'];
}

/** The agent who asks: by the cookie, or where nobody signs in the one named, else the first. */
export async function agentWhoAsks(
  request: Request,
  signIn: SignIn,
  agents: readonly string[],
  named?: string,
): Promise<string | undefined> {
  if (signIn.kind === 'code') return (await signIn.sessions.read(cookieOf(request)))?.agent;
  return agents.find((agent) => agent === (named ?? agents[0]));
}

/** Lets signed-in people through, and everybody where nobody signs in. `viewerOf` then says who it is. */
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

/** Whoever asks, after `authenticate`. */
export function viewerOf(response: Response): Viewer {
  return response.locals.viewer;
}

function viewerIn(session: Session | undefined, [first]: readonly string[]): Viewer | undefined {
  if (session === undefined) return undefined;
  const { agent, onEnd } = session;
  // Until there are roles, the first agent has all of them.
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
 * Where nobody signs in: refuses what was not sent from this machine to its own name, or to the public address. Any
 * page can make its own host name point to 127.0.0.1, but the browser then sends that name as Host.
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

/** Refuses what a page of another origin sends; programs send neither header, and may pass. */
export const requireSameOrigin: RequestHandler = (request, _response, next) => {
  if (!isFromOwnPage(request)) {
    throw new HttpError(403, 'not-allowed', 'Only the pages of this server may ask for this.');
  }
  next();
};

function isFromOwnPage({ headers }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site !== undefined && site !== 'none') return false;
  // Browsers leave Sec-Fetch-Site out on plain http.
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host;
}
