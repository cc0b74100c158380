import type { LineController } from '../line-controller.ts';

/** Whom else this page could be for, and whom calls reach before it: nobody where agents sign in. */
export function agentsOf({ agent, session }: Pick<LineController, 'agent' | 'session'>): {
  others: string[];
  firstCalled: string | null;
} {
  const agents = session.value?.signIn === 'automatic' ? session.value.agents : [];
  const others = agents.filter((name) => name !== agent.value);
  const [first = null] = agents;
  return { others, firstCalled: first === agent.value ? null : first };
}
