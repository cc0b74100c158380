import { CircleAlert } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { usePage } from './context.ts';

/** Asks who the agent is, where that is not known by itself. */
export function SignInForm() {
  const { agent, lastAgent, strings } = usePage();
  const words = strings.value.signIn;
  const line = agent.line.state.value;
  const sending = line.name === 'signing-in';
  const problem = line.name === 'signed-out' && line.problem ? words.problems[line.problem] : null;
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
    const agentName = name.current?.value.trim() ?? '';
    const accessCode = code.current?.value ?? '';
    if (agentName === '' || accessCode === '') {
      setMissing(agentName === '' ? 'agent' : 'code');
      (agentName === '' ? name : code).current?.focus();
      return;
    }
    setMissing(null);
    lastAgent.write(agentName);
    agent.line.dispatch({ type: 'sign-in', agent: agentName, code: accessCode });
  }

  return (
    <form class="sign-in" onSubmit={submit} noValidate>
      <h2 class="visually-hidden">{words.title}</h2>
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
        {message && !sending && (
          <>
            <Icon icon={CircleAlert} />
            {message}
          </>
        )}
      </div>
      <button type="submit" class="button button--large button--accent" aria-disabled={sending}>
        {sending ? words.sending : words.submit}
      </button>
    </form>
  );
}
