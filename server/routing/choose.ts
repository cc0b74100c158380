/** The agent who gets a call: the first one. The list is never empty. */
export function chooseAgent(agents: readonly [string, ...string[]]): string {
  return agents[0];
}
