/** Why the desk passed over an agent: the agent page and the console say the same. */
export const passedOverEn = {
  away: (agent: string) => `${agent} is away`,
  offline: (agent: string) => `${agent} is offline`,
  'line down': (agent: string) => `${agent} is not connected`,
  'no microphone': (agent: string) => `${agent} has no microphone`,
  'no sound': (agent: string) => `${agent} has no sound`,
  busy: (agent: string) => `${agent} is on a call`,
  'wrap-up': (agent: string) => `${agent} is in wrap-up`,
  'refused this call': (agent: string) => `${agent} declined it`,
  'missed this call': (agent: string) => `${agent} did not answer`,
  'lacks skill': (agent: string) => `${agent} lacks the skill`,
};
