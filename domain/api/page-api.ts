import type { Cause } from '../desk/causes.ts';

/** What the agent page and the server say to each other: JSON over HTTP, same origin. */

/**
 * What somebody may see and do. `agent`: takes calls. `supervisor`: sees all calls, messages and figures.
 * `developer`: sees all webhooks, and sends them again.
 */
export const ROLES = ['agent', 'supervisor', 'developer'] as const;

export type Role = (typeof ROLES)[number];

/** `GET /api/session`, and the answer to signing in. */
export interface SessionState {
  /** Who is signed in, or null. */
  agent: string | null;
  /** What `agent` may see and do. Empty while nobody is signed in. */
  roles: Role[];
  /** The agents. Empty while nobody is signed in and sign-in needs a code. */
  agents: string[];
  /** How callers are routed: to one agent, or by a desk to a team. Pages of a desk beat, and follow its feed. */
  routing: 'direct' | 'desk';
  /** Whether calls are routed to `agent`. Absent while nobody is signed in. */
  called?: boolean;
  /** Whether the server rejects webhooks without a signature. Absent while nobody is signed in. */
  checksSignatures?: boolean;
  /** `automatic`: on loopback with the emulator, no code is asked. `code`: an access code per agent. */
  signIn: 'automatic' | 'code';
  /** Whether people may sign in with the identity provider of their company. Absent: no. */
  openId?: boolean;
  /** The number that callers dial, E.164 without `+`, or null when it is not configured. */
  number: string | null;
  /** The emulator's phone page, to try a call from, or null. */
  phoneUrl: string | null;
}

/** Body of `POST /api/session`: 200 `SessionState` and a cookie, 401 or 429 `ApiError`. */
export interface SignInRequest {
  agent: string;
  code: string;
}

/** Body of `POST /api/invitation`: 200 `InvitationAccepted` and a cookie, 401 or 429 `ApiError`. */
export interface InvitationRequest {
  /** What the link has after `#`. */
  token: string;
}

/** Whoever accepts an invitation is signed in. */
export interface InvitationAccepted {
  session: SessionState;
  /** The new access code, shown only now. */
  code: string;
}

/** Body of `POST /api/token`. `agent` chooses among the agents where sign-in is automatic. */
export interface TokenRequest {
  agent?: string;
}

/** Answer of `POST /api/token`: what `@vonage/client-sdk` needs to open a session. */
export interface TokenGrant {
  token: string;
  agent: string;
  /** Seconds that the token lives, counted from this answer. */
  expiresIn: number;
  sdk: { region: 'US' | 'EU' | 'AP'; apiUrl?: string; websocketUrl?: string };
}

/** Body of every answer from 400 up: one line in words, and a code for the page's own words. */
export interface ApiError {
  error: string;
  /** Why the desk refused a control. */
  cause?: Cause;
  code:
    | 'bad-request'
    | 'sign-in-needed'
    | 'wrong-code'
    | 'too-many-tries'
    | 'not-allowed'
    /** Signed in, but without the role that this needs. */
    | 'role-missing'
    | 'not-found'
    /** Not now: the words say why. */
    | 'conflict'
    | 'vonage-unreachable'
    | 'vonage-refused'
    | 'internal';
}
