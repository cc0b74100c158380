import { LoaderCircle, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Role } from '../../domain/api/page-api.ts';
import { Icon } from '../../ui/icon.tsx';
import type { LastAgent } from './last-agent.ts';
import type { SessionController, SignInProblem } from './session-controller.ts';
import { SignInForm, type SignInWords } from './sign-in-form.tsx';

interface EntranceWords {
  retry: string;
  session: {
    loading: string;
    unreachable: string;
    roleMissing: { title: (name: string) => string; advice: string };
  };
  signIn: SignInWords & { problems: Readonly<Record<SignInProblem, string>> };
}

interface EntranceProps {
  session: SessionController;
  /** For whom the page is. */
  forRole: Role;
  words: EntranceWords;
  lastAgent: LastAgent;
}

/** What a page shows until it is known that somebody may see it. */
export function Entrance({ session, forRole, words, lastAgent }: EntranceProps) {
  const stage = session.stage.value;
  switch (stage.name) {
    case 'loading':
      return (
        <main class="entrance">
          <Waiting words={words.session.loading} />
        </main>
      );
    case 'unreachable':
      return (
        <main class="entrance">
          <p class="notice notice--trouble" role="alert">
            <Icon icon={TriangleAlert} />
            {words.session.unreachable}
          </p>
        </main>
      );
    case 'role-missing': {
      const { title, advice } = words.session.roleMissing;
      return (
        <Closed title={title(stage.session.agent ?? '')} retry={words.retry} onRetry={session.check}>
          {advice}
        </Closed>
      );
    }
    default: {
      const problem = stage.name === 'signed-out' ? stage.problem : null;
      return (
        <main class="entrance">
          <div class="card">
            <SignInForm
              openIdPage={session.hasOpenId.value ? forRole : null}
              words={words.signIn}
              problem={problem && words.signIn.problems[problem]}
              isSending={stage.name === 'signing-in'}
              lastAgent={lastAgent}
              onSignIn={session.signIn}
            />
          </div>
        </main>
      );
    }
  }
}

interface ClosedProps {
  title: string;
  children: ComponentChildren;
  retry: string;
  onRetry: () => void;
}

/** Why there is nothing to see here, and what can be done. */
export function Closed({ title, children, retry, onRetry }: ClosedProps) {
  return (
    <main class="entrance">
      <div class="card">
        <div class="sign-in">
          <h2 class="sign-in__title">{title}</h2>
          <p>{children}</p>
          <button type="button" class="button" onClick={onRetry}>
            {retry}
          </button>
        </div>
      </div>
    </main>
  );
}

/** Something is on its way. */
export function Waiting({ words }: { words: string }) {
  return (
    <p class="waiting" role="status">
      <Icon icon={LoaderCircle} class="icon--turning" />
      {words}
    </p>
  );
}
