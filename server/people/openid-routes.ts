import { randomBytes } from 'node:crypto';
import { type CookieOptions, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Role } from '../../domain/api/page-api.ts';
import type { Context } from '../context.ts';
import { isHttps } from '../http/base-url.ts';
import { HttpError } from '../http/errors.ts';
import { hashCode } from './access-codes.ts';
import { COOKIE, cookieNamed, cookieOf, senderOf } from './authenticate.ts';
import { createFailures } from './failures.ts';
import { createIdentityProvider, type OpenIdSecrets, personOf } from './openid.ts';
import { accountOf } from './openid-accounts.ts';
import { sessionCookie } from './session-cookie.ts';

/** The cookie that binds a sign-in to the browser that began it. */
const PENDING = 'switchboard-openid';

/** Milliseconds that somebody may take at the identity provider. */
const PENDING_MS = 600_000;

const PAGES: Readonly<Record<Role, string>> = {
  agent: '/',
  supervisor: '/wall.html',
  developer: '/console.html',
};

/** The query of `GET /api/openid/start`: which page is wanted. */
export const startQuery = z.object({ to: z.enum(['agent', 'supervisor', 'developer']).catch('agent') });

const pending = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.enum(['agent', 'supervisor', 'developer']),
});

/** Sign-in with an identity provider, by OpenID Connect. Without one, 404. */
export function openIdRoutes({ audit, config, roster, signIn, store, terminal }: Context): Router {
  const { openId, publicUrl } = config;
  const failures = createFailures(audit);
  const configured =
    openId === undefined || publicUrl === undefined || signIn.kind === 'automatic'
      ? undefined
      : {
          settings: openId,
          origin: publicUrl,
          sessions: signIn.sessions,
          provider: createIdentityProvider(openId, `${publicUrl}/api/openid/callback`),
        };

  function parts(): NonNullable<typeof configured> {
    if (configured !== undefined) return configured;
    throw new HttpError(404, 'not-found', 'This server has no identity provider: OPENID_ISSUER is not set.');
  }

  /** Lax, because the provider, another site, sends the browser back. */
  function pendingCookie(request: Request): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', secure: isHttps(request, publicUrl), path: '/api/openid' };
  }

  async function begin(request: Request, response: Response): Promise<void> {
    const { provider } = parts();
    const { to } = startQuery.parse(request.query);
    const { url, secrets } = await provider.begin().catch((error: unknown) => {
      terminal.warning(`The identity provider cannot be used: ${reasonOf(error)}`);
      return { url: null, secrets: null };
    });
    if (url === null)
      return refuse(response, 502, 'The identity provider is not responding. Try again in a moment.');
    response.cookie(PENDING, encode({ ...secrets, to }), { ...pendingCookie(request), maxAge: PENDING_MS });
    response.redirect(302, url);
  }

  async function finish(request: Request, response: Response): Promise<void> {
    const { origin, provider, sessions, settings } = parts();
    const from = senderOf(request);
    const begun = decode(cookieNamed(request, PENDING));
    response.clearCookie(PENDING, pendingCookie(request));
    if (begun === undefined) return refuse(response, 400, 'This sign-in took too long. Begin again.');
    const { to, ...secrets } = begun;
    const claims = await provider
      .finish(new URL(request.originalUrl, origin), secrets)
      .catch((error: unknown) => {
        terminal.warning(`Sign-in with the identity provider failed: ${reasonOf(error)}`);
        return undefined;
      });
    if (claims === undefined) {
      await failures.note(null, from, 'identity provider');
      return refuse(response, 401, 'The identity provider did not confirm this sign-in. Begin again.');
    }
    const person = personOf(claims, settings);
    const codeHash = await hashCode(randomBytes(32).toString('hex'));
    const account =
      'fault' in person ? person : await accountOf(store, person, { codeHash, from, now: Date.now() });
    if ('fault' in account) {
      await failures.note(null, from, account.fault);
      return refuse(response, 403, account.fault);
    }
    await roster.refresh();
    const { name } = account;
    const noted = { who: name, what: 'signed in', from, details: 'identity provider' } as const;
    const value = await sessions.open(name, cookieOf(request), noted);
    response.cookie(COOKIE, value, sessionCookie(request, publicUrl));
    response.redirect(302, PAGES[to]);
  }

  const router = Router();
  router.get('/api/openid/start', begin);
  router.get('/api/openid/callback', finish);
  return router;
}

/** People see it in their browser, so it is plain text. */
function refuse(response: Response, status: number, words: string): void {
  response.status(status).type('text/plain').send(`${words}\n`);
}

function encode(value: OpenIdSecrets & { to: Role }): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string | undefined): z.infer<typeof pending> | undefined {
  try {
    return pending.parse(JSON.parse(Buffer.from(text ?? '', 'base64url').toString()));
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
