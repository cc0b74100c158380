import { type ReadonlySignal, signal } from '@preact/signals';
import type { SessionState, SignInRequest } from '../../domain/api/page-api.ts';
import { type ApiFailure, failureOf } from '../session/request.ts';
import type { SessionApi } from '../session/session-api.ts';

/** Why somebody is asked to sign in, where it is not the first time. */
type SignInProblem = 'wrong-code' | 'too-many-tries' | 'unreachable' | 'signed-out-elsewhere';

type SessionStage =
  | { name: 'loading' }
  /** The server does not answer; it is asked again by itself. */
  | { name: 'unreachable' }
  | { name: 'signed-out'; problem: SignInProblem | null }
  | { name: 'signing-in' }
  /** Signed in, but the console is for developers. */
  | { name: 'not-a-developer'; session: SessionState }
  | { name: 'signed-in'; session: SessionState };

/** Who looks at the calls. */
export interface SessionController {
  stage: ReadonlySignal<SessionStage>;
  signIn(request: SignInRequest): void;
  signOut(): void;
  /** Asks the server who is signed in, where there may be a doubt. */
  check(): void;
  close(): void;
}

const RETRY_MS = 3_000;

export function createSessionController(api: SessionApi): SessionController {
  const stage = signal<SessionStage>({ name: 'loading' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function take(session: SessionState): void {
    const before = stage.peek().name;
    if (session.agent !== null) {
      stage.value = { name: session.roles.includes('developer') ? 'signed-in' : 'not-a-developer', session };
    } else if (before !== 'signed-out') {
      const wasIn = before === 'signed-in' || before === 'not-a-developer';
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
