/** Why a control is refused, or failed after it was accepted: pages say it in their own language. */
export interface Cause {
  code: CauseCode;
  /** Whom or what the words name: an agent, a number or a queue. */
  name: string | null;
}

/** The English words of each cause. */
export const CAUSES = {
  'no such call': 'There is no such call.',
  'no such queue': 'There is no such queue.',
  'no such agent': 'No agent has this name.',
  'no such phrase': 'There is no such phrase.',
  'call over': 'The call is over.',
  'caller left': 'The caller hung up.',
  'caller left on hold': 'The caller hung up while on hold.',
  'not connected': 'The caller is not connected yet.',
  'supervisors only': 'Only supervisors can do this.',
  'call of another': 'This is the call of another agent.',
  'call of': 'Only {name} can do this, whose call it is.',
  'no longer in call': 'You are no longer in this call.',
  'on hold': 'The caller is on hold.',
  'already on hold': 'The caller is already on hold.',
  'not on hold': 'The caller is not on hold.',
  'swap first': 'Swap with {name}, or cancel first.',
  'would hear': 'The caller would hear {name}: swap, merge or cancel first.',
  'complete first': 'Complete the transfer to {name}, or cancel it first.',
  'in call already': '{name} is in the call already.',
  'nobody else': 'Nobody else is in the call.',
  'not answered yet': '{name} has not answered yet.',
  'all in call': 'You are all in the call.',
  'queue closed': '{name} is closed.',
  'not a number': 'This is not a valid phone number.',
  'not allowed': 'The desk file does not allow calls to this number.',
  premium: 'This is a premium number, which the desk file does not allow.',
  you: 'This is you.',
  away: '{name} is away.',
  offline: '{name} is offline.',
  'in another call': '{name} is in another call.',
  'wrapping up': '{name} is wrapping up a call.',
  'not ready': '{name} cannot take calls right now.',
  unreachable: '{name} could not be reached.',
  'not called': '{name} could not be called.',
  busy: '{name} is busy.',
  declined: '{name} declined the call.',
  'no answer': '{name} did not answer.',
  unavailable: '{name} is no longer available.',
  'hung up': '{name} hung up.',
  'not put on hold': 'The caller could not be put on hold.',
  'not taken off hold': 'The caller could not be taken off hold.',
  'guest not put on hold': '{name} could not be put on hold.',
  'guest not taken off hold': '{name} could not be taken off hold.',
  'not heard': 'The caller may not have heard it.',
  'no recordings': 'The desk file does not allow recordings in this queue.',
  'already recorded': 'The call is already recorded.',
  'not recorded': 'The call is not recorded.',
  'not supervised': 'You do not supervise this call.',
  'own call': 'You are in this call yourself.',
  'nobody talks': 'Nobody talks in this call yet.',
  'no line': 'You have no line to listen with.',
  'line down': 'Your line is down.',
  'you in another call': 'You are in another call.',
  'mode not changed': 'The mode could not be changed.',
  'not waiting': 'The caller does not wait.',
  'same queue': 'The caller waits there already.',
} as const;

export type CauseCode = keyof typeof CAUSES;

/** A cause, and the same in English for whoever has no words of its own. */
export interface Explained {
  words: string;
  cause: Cause;
}

export function explain(code: CauseCode, name: string | null = null): Explained {
  return { words: causeInWords({ code, name }, CAUSES), cause: { code, name } };
}

/** A cause in the words of a language. */
export function causeInWords({ code, name }: Cause, words: Readonly<Record<CauseCode, string>>): string {
  return words[code].replace('{name}', () => name ?? '');
}
