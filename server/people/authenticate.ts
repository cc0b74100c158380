import type { Request, RequestHandler } from 'express';
import { Refusal } from '../http/errors.ts';
import type { SignIn } from './sign-in.ts';

/** Name of the cookie that says who is signed in. */
export const COOKIE = 'switchboard';

/** The agent who asks: by the cookie, or where nobody signs in the one named, else the first. */
export async function agentWhoAsks(
  request: Request,
  signIn: SignIn,
  agents: readonly string[],
  named?: string,
): Promise<string | undefined> {
  if (signIn.kind === 'code') return signIn.sessions.read(cookieOf(request));
  return agents.find((agent) => agent === (named ?? agents[0]));
}

/** Lets signed-in people through, and everybody where nobody signs in. */
export function onlySignedIn(signIn: SignIn): RequestHandler {
  return async (request, _response, next) => {
    if (signIn.kind === 'code' && (await signIn.sessions.read(cookieOf(request))) === undefined) {
      throw new Refusal(401, 'sign-in-needed', 'Sign in first.');
    }
    next();
  };
}

function cookieOf(request: Request): string | undefined {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name?.trim() === COOKIE) return value?.trim();
  }
  return undefined;
}
