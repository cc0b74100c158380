import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { InvitationAccepted, SessionState, TokenGrant } from '../../domain/api/page-api.ts';
import { accessCodeFile, type Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';
import { hasBody, jsonBody, readJson } from '../http/json-body.ts';
import { parsed } from '../http/parsed.ts';
import { calledAgents } from '../routing/routing.ts';
import { PlatformError, USER_TOKEN_SECONDS } from '../vonage/vonage.ts';
import { forgetCode, hashCode, namedAgent, newCode } from './access-codes.ts';
import { actingAgent, COOKIE, cookieOf, senderOf, viewerIn, viewerOf } from './authenticate.ts';
import { createFailures } from './failures.ts';
import { acceptInvitation } from './invitations.ts';
import { limitSignIn } from './limits.ts';
import { cookiePlace, sessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export const signInRequest = z.object({ agent: z.string().max(64), code: z.string().max(256) });
export const invitationRequest = z.object({ token: z.string().max(100) });
export const tokenRequest = z.object({ agent: z.string().max(64).optional() });

/** Sign-in, sessions, and tokens for the Client SDK. */
export function agentRoutes(context: Context): Router {
  const { audit, clock, config, access, signIn, roster, store, terminal, vonage, desk } = context;
  const { publicUrl } = config;
  const people = { signIn, roster };
  const failures = createFailures(audit);

  function stateFor(agent: string | undefined): SessionState {
    return {
      agent: agent ?? null,
      roles: [...(roster.find(agent ?? '')?.roles ?? [])],
      agents: agent === undefined ? [] : [...roster.agents()],
      ...(agent !== undefined && {
        called: calledAgents(config, roster).includes(agent),
        checksSignatures: config.signatureSecrets.length > 0,
      }),
      ...(config.openId && { openId: true }),
      routing: desk === undefined ? 'direct' : 'desk',
      signIn: signIn.kind,
      number: access.number,
      phoneUrl: access.phoneUrl,
    };
  }

  async function showSession(request: Request, response: Response): Promise<void> {
    const viewer = await viewerIn(request, people);
    response.json(stateFor(viewer === undefined ? undefined : (viewer.agent ?? roster.agents()[0])));
  }

  async function openSession(request: Request, response: Response): Promise<void> {
    if (signIn.kind === 'automatic') {
      throw new HttpError(400, 'bad-request', 'This server needs no sign-in. Request a token instead.');
    }
    const body = signInRequest.safeParse(jsonBody(request));
    if (!body.success) throw new HttpError(400, 'bad-request', 'agent and code must be given as text.');
    const { code } = body.data;
    await roster.refresh();
    const agent = namedAgent(body.data.agent, roster.names());
    const from = senderOf(request);
    if (!(await signIn.isCode(agent, code))) {
      await failures.note(roster.find(agent)?.name ?? null, from);
      throw new HttpError(401, 'wrong-code', 'Wrong name or code.');
    }
    await admit(signIn.sessions, agent, request, response);
    response.json(stateFor(agent));
  }

  async function acceptInvited(request: Request, response: Response): Promise<void> {
    if (signIn.kind === 'automatic') {
      throw new HttpError(400, 'bad-request', 'This server needs no sign-in.');
    }
    const { token } = parsed(invitationRequest, jsonBody(request));
    const code = newCode();
    const codeHash = await hashCode(code);
    const from = senderOf(request);
    const agent = await acceptInvitation(store, token, { codeHash, from, now: Date.now() });
    if (agent === undefined) {
      await failures.note(null, from);
      throw new HttpError(401, 'wrong-code', 'This invitation was used, has expired, or was replaced.');
    }
    // The invitation is used up and the new code is nowhere else: whatever fails from here on, the code is told.
    try {
      forgetCode(accessCodeFile(config), agent);
    } catch (error) {
      terminal.warning(`${agent} accepted an invitation, but ${reasonOf(error)}`);
    }
    await roster.refresh();
    await admit(signIn.sessions, agent, request, response).catch((error: unknown) => {
      terminal.warning(`${agent} accepted an invitation and must sign in with the code: ${reasonOf(error)}`);
    });
    response.json({ session: stateFor(agent), code } satisfies InvitationAccepted);
  }

  /** Opens a session in the browser that sent a request. */
  async function admit(
    sessions: Sessions,
    agent: string,
    request: Request,
    response: Response,
  ): Promise<void> {
    const noted = { who: agent, what: 'signed in', from: senderOf(request) } as const;
    const value = await sessions.open(agent, cookieOf(request), noted);
    response.cookie(COOKIE, value, sessionCookie(request, publicUrl));
  }

  async function closeSession(request: Request, response: Response): Promise<void> {
    if (signIn.kind === 'automatic') return void response.json(stateFor(roster.agents()[0]));
    await signIn.sessions.close(cookieOf(request), senderOf(request));
    response.clearCookie(COOKIE, cookiePlace(request, publicUrl));
    response.json(stateFor(undefined));
  }

  async function grantToken(request: Request, response: Response): Promise<void> {
    const body = tokenRequest.safeParse(hasBody(request) ? jsonBody(request) : {});
    if (!body.success) throw new HttpError(400, 'bad-request', 'agent must be a name.');
    const agent = viewerOf(response).agent ?? actingAgent(response, people, body.data.agent);
    try {
      await vonage.ensureUser(agent);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      terminal.warning(`No token for ${agent}: ${error.message}`);
      throw error.kind === 'unreachable'
        ? new HttpError(502, 'vonage-unreachable', 'This server cannot reach Vonage.')
        : new HttpError(
            502,
            'vonage-refused',
            'Vonage rejected the request of this server. See the server log.',
          );
    }
    const grant: TokenGrant = {
      token: vonage.userToken(agent),
      agent,
      expiresIn: USER_TOKEN_SECONDS,
      sdk: access.sdk,
    };
    response.json(grant);
  }

  const router = Router();
  const readBody = readJson(10 * 1024);
  router
    .route('/api/session')
    .get(showSession)
    .post(readBody, limitSignIn(clock), openSession)
    .delete(closeSession);
  router.post('/api/invitation', readBody, limitSignIn(clock), acceptInvited);
  router.post('/api/token', readBody, grantToken);
  return router;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
