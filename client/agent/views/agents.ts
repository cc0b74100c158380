import type { LineController } from '../line-controller.ts';

/** Whom else this page could be for: nobody where agents sign in. */
export function otherAgents({ agent, session }: Pick<LineController, 'agent' | 'session'>): string[] {
  const agents = session.value?.signIn === 'automatic' ? session.value.agents : [];
  return agents.filter((name) => name !== agent.value);
}
