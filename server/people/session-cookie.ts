import type { CookieOptions, Request } from 'express';
import { isHttps } from '../http/base-url.ts';
import { SESSION_SECONDS } from './sessions.ts';

/** How browsers keep the cookie of a session: for scripts it is not there, and other sites do not send it. */
export function sessionCookie(request: Request, publicUrl: string | undefined): CookieOptions {
  return { ...cookiePlace(request, publicUrl), maxAge: SESSION_SECONDS * 1000 };
}

/** The same to delete it. */
export function cookiePlace(request: Request, publicUrl: string | undefined): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure: isHttps(request, publicUrl), path: '/' };
}
