import type { Why } from './desk.ts';

/** Why an agent is rung. Each place that shows it has words for each of them, or does not compile. */
export type WhyRung = { is: 'only one free' } | { is: 'idle longest'; seconds: number };

/** @param why of an offer, where the agent who is rung comes first */
export function whyRung({ candidates }: Pick<Why, 'candidates'>): WhyRung {
  const [first, second] = candidates;
  return first === undefined || second === undefined
    ? { is: 'only one free' }
    : { is: 'idle longest', seconds: first.idleSeconds };
}
