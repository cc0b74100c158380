import { type ReadonlySignal, signal } from '@preact/signals';
import type { Role, SessionState, SignInRequest } from '../../domain/api/page-api.ts';
import { type ApiFailure, failureOf } from './request.ts';
import type { SessionApi } from './session-api.ts';

/** Why somebody is asked to sign in, where it is not the first time. */
export type SignInProblem = 'wrong-code' | 'too-many-tries' | 'unreachable' | 'signed-out-elsewhere';

type SessionStage =
  | { name: 'loading' }
  /** The server does not answer; it is asked again by itself. */
  | { name: 'unreachable' }
  | { name: 'signed-out'; problem: SignInProblem | null }
  | { name: 'signing-in' }
  /** Signed in, but the page is for another role. */
  | { name: 'role-missing'; session: SessionState }
  | { name: 'signed-in'; session: SessionState };

/** Who is at the page. */
export interface SessionController {
  stage: ReadonlySignal<SessionStage>;
  /** Whether people may sign in with an identity provider. */
  hasOpenId: ReadonlySignal<boolean>;
  signIn(request: SignInRequest): void;
  signOut(): void;
  /** Asks the server who is signed in, where there may be a doubt. */
  check(): void;
  close(): void;
}

const RETRY_MS = 3_000;

/** @param role for whom the page is */
export function createSessionController(api: SessionApi, role: Role): SessionController {
  const stage = signal<SessionStage>({ name: 'loading' });
  const hasOpenId = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function take(session: SessionState): void {
    const before = stage.peek().name;
    hasOpenId.value = session.openId === true;
    if (session.agent !== null) {
      stage.value = { name: session.roles.includes(role) ? 'signed-in' : 'role-missing', session };
    } else if (before !== 'signed-out') {
      const wasIn = before === 'signed-in' || before === 'role-missing';
      stage.value = { name: 'signed-out', problem: wasIn ? 'signed-out-elsewhere' : null };
    }
  }

  async function check(): Promise<void> {
    clearTimeout(timer);
    try {
      take(await api.session());
    } catch {
      const { name } = stage.peek();
      if (name === 'loading' || name === 'unreachable') {
        stage.value = { name: 'unreachable' };
        timer = isClosed ? undefined : setTimeout(() => void check(), RETRY_MS);
      }
    }
  }

  async function signIn(request: SignInRequest): Promise<void> {
    stage.value = { name: 'signing-in' };
    try {
      take(await api.signIn(request));
    } catch (error) {
      stage.value = { name: 'signed-out', problem: problemOf(failureOf(error)) };
    }
  }

  async function signOut(): Promise<void> {
    try {
      await api.signOut();
      stage.value = { name: 'signed-out', problem: null };
    } catch {
      // Still signed in: what the page shows says that the server does not respond.
    }
  }

  void check();

  return {
    stage,
    hasOpenId,
    signIn: (request) => void signIn(request),
    signOut: () => void signOut(),
    check: () => void check(),
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function problemOf(failure: ApiFailure): SignInProblem {
  return failure === 'wrong-code' || failure === 'too-many-tries' ? failure : 'unreachable';
}
