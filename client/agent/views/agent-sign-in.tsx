import { SignInForm } from '../../session/sign-in-form.tsx';
import { usePage } from './context.ts';

/** Asks who the agent is, where agents sign in. */
export function AgentSignIn() {
  const { agent, lastAgent, strings } = usePage();
  const words = strings.value.signIn;
  const line = agent.line.state.value;
  return (
    <SignInForm
      words={words}
      openIdPage={agent.line.session.value?.openId ? 'agent' : null}
      problem={line.name === 'signed-out' && line.problem ? words.problems[line.problem] : null}
      isSending={line.name === 'signing-in'}
      lastAgent={lastAgent}
      onSignIn={(request) => agent.line.dispatch({ type: 'sign-in', ...request })}
    />
  );
}
