/** The id in the desk of the call that an agent dialled with this leg. Apart, because the agent's page loads it at first. */
export function outboundId(leg: string): string {
  return `ob${leg}`;
}
