import { CircleAlert } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Role, SignInRequest } from '../../domain/api/page-api.ts';
import { Icon } from '../../ui/icon.tsx';
import type { LastAgent } from './last-agent.ts';

export interface SignInWords {
  title: string;
  agent: string;
  code: string;
  submit: string;
  sending: string;
  nameMissing: string;
  codeMissing: string;
  company: string;
}

interface SignInFormProps {
  words: SignInWords;
  /** The page to come back to from the identity provider; null: the server has none. */
  openIdPage: Role | null;
  /** Why the last try failed, in words. */
  problem: string | null;
  isSending: boolean;
  lastAgent: LastAgent;
  onSignIn: (request: SignInRequest) => void;
}

/** Asks who is there, where that is not known by itself. */
export function SignInForm({ words, openIdPage, problem, isSending, lastAgent, onSignIn }: SignInFormProps) {
  const [missing, setMissing] = useState<'agent' | 'code' | null>(null);
  const name = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const message = missing === 'agent' ? words.nameMissing : missing === 'code' ? words.codeMissing : problem;

  useEffect(() => {
    if (problem) {
      code.current?.select();
    }
  }, [problem]);

  function submit(event: Event): void {
    event.preventDefault();
    const request = { agent: name.current?.value.trim() ?? '', code: code.current?.value ?? '' };
    if (isSending) {
      return;
    }
    if (request.agent === '' || request.code === '') {
      setMissing(request.agent === '' ? 'agent' : 'code');
      (request.agent === '' ? name : code).current?.focus();
      return;
    }
    setMissing(null);
    lastAgent.write(request.agent);
    onSignIn(request);
  }

  return (
    <form class="sign-in" onSubmit={submit} noValidate>
      <h2 class="sign-in__title">{words.title}</h2>
      <label class="field">
        {words.agent}
        <input
          ref={name}
          class="input"
          name="agent"
          autocomplete="username"
          defaultValue={lastAgent.read()}
          aria-invalid={missing === 'agent' || undefined}
          aria-describedby="sign-in-problem"
        />
      </label>
      <label class="field">
        {words.code}
        <input
          ref={code}
          class="input"
          name="code"
          type="password"
          autocomplete="current-password"
          aria-invalid={missing === 'code' || problem ? true : undefined}
          aria-describedby="sign-in-problem"
        />
      </label>
      <div id="sign-in-problem" role="alert" class="sign-in__problem">
        {message && !isSending && (
          <>
            <Icon icon={CircleAlert} />
            {message}
          </>
        )}
      </div>
      <button type="submit" class="button button--large button--accent" aria-disabled={isSending}>
        {isSending ? words.sending : words.submit}
      </button>
      {openIdPage !== null && (
        <a class="button button--large" href={`./api/openid/start?to=${openIdPage}`}>
          {words.company}
        </a>
      )}
    </form>
  );
}
