import type { Leg } from '../../../domain/calls/call.ts';
import type { Step } from './step.ts';

/** Something about a step that does not go together with the rest. */
export type Flag =
  /** @property by milliseconds that it happened before something that was told earlier, by Vonage's clock */
  | { name: 'out-of-order'; by: number }
  /** Told of a leg whose end was told before. */
  | { name: 'after-the-end' }
  /** A leg ended, and nothing says whether it was answered: no event, no bill, nor who hung up. */
  | { name: 'never-answered' }
  /** Vonage asked the answer URL again: the first reply did not reach it in time. */
  | { name: 'asked-again' }
  /** @property took milliseconds: enough for Vonage to give up where its patience was set low */
  | { name: 'slow'; took: number };

/** Vonage waits 5 s for an NCCO, or as little as 1 s where the application says so. */
const SLOW_MS = 1_000;

const ANSWER_ROUTE = '/voice/answer';

/**
 * Finds what is wrong with each step; ask for them in their order.
 * @param legs the call's legs, as all its entries tell them
 */
export function createFlagger(legs: readonly Leg[]): (step: Step) => readonly Flag[] {
  const explained = new Set(legs.filter(isExplained).map(({ uuid }) => uuid));
  const asked = new Set<string>();
  const ended = new Set<string>();
  let latest = Number.NEGATIVE_INFINITY;

  function flagsOfTime(step: Step): Flag[] {
    const time = step.type === 'event' ? step.happenedAt : null;
    const by = latest - (time ?? latest);
    latest = Math.max(latest, time ?? latest);
    return by > 0 ? [{ name: 'out-of-order', by }] : [];
  }

  function flagsOfLeg(step: Step, legUuid: string): Flag[] {
    const status = statusOf(step);
    const flags: Flag[] = [];
    // Other addresses may be asked for a leg as often as it is moved.
    if (step.type === 'asked' && step.entry.route === ANSWER_ROUTE) {
      if (asked.has(legUuid) || step.entry.repeats !== null) {
        flags.push({ name: 'asked-again' });
      }
      asked.add(legUuid);
    }
    if (status !== null && ended.has(legUuid)) {
      flags.push({ name: 'after-the-end' });
    }
    if (status === 'completed') {
      ended.add(legUuid);
      if (!explained.has(legUuid)) {
        flags.push({ name: 'never-answered' });
      }
    }
    return flags;
  }

  return (step) => {
    const { entry, legUuid } = step;
    const { took } = entry;
    const slow: Flag[] = took >= SLOW_MS && isReplied(step) ? [{ name: 'slow', took }] : [];
    // What is delivered again comes out of order by nature.
    if (entry.replayed || (step.type === 'event' && entry.repeats !== null)) {
      return slow;
    }
    return [...slow, ...flagsOfTime(step), ...(legUuid === null ? [] : flagsOfLeg(step, legUuid))];
  };
}

/** Whether it is known how a leg that ended came to its end. */
function isExplained({ outcome, disconnectedBy }: Leg): boolean {
  return outcome !== null || disconnectedBy === 'user';
}

/** Whether a step shows the reply to its entry: an NCCO has a step to itself. */
function isReplied({ type, entry }: Step): boolean {
  return type === 'replied' || (type === 'event' && entry.reply.ncco === undefined);
}

function statusOf(step: Step): string | null {
  return step.type === 'event' && step.facts.kind === 'status' ? step.facts.status : null;
}
