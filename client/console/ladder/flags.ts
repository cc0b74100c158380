import { LEG_FAILURES } from '../../../domain/calls/call.ts';
import type { Moment } from './moment.ts';

/** Something about a moment that does not go together with the rest. */
export type Flag =
  /** @property by milliseconds that it happened before something that was told earlier, by Vonage's clock */
  | { name: 'out-of-order'; by: number }
  /** Told of a leg whose end was told before. */
  | { name: 'after-the-end' }
  /** A leg ended, and nothing says that it was answered, nor why not. */
  | { name: 'never-answered' }
  /** Vonage wanted an NCCO for this leg once more: the first one did not reach it in time. */
  | { name: 'asked-again' }
  /** @property took milliseconds: enough for Vonage to give up where its patience was set low */
  | { name: 'slow'; took: number };

/** Vonage waits 5 s for an NCCO, or as little as 1 s where the application says so. */
const SLOW_MS = 1_000;

/** Statuses that explain why a leg could end. */
const explanations: readonly string[] = ['answered', ...LEG_FAILURES];

/**
 * Finds what is wrong with each moment; ask for them in their order.
 * @param moments all that are known of the call
 */
export function createFlagger(moments: readonly Moment[]): (moment: Moment) => readonly Flag[] {
  const explained = new Set(
    moments.filter((moment) => explanations.includes(statusOf(moment) ?? '')).map(({ legUuid }) => legUuid),
  );
  const asked = new Set<string>();
  const ended = new Set<string>();
  let latest = Number.NEGATIVE_INFINITY;

  function flagsOfTime(moment: Moment): Flag[] {
    const time = moment.type === 'event' ? moment.facts.timestamp : null;
    const by = latest - (time ?? latest);
    latest = Math.max(latest, time ?? latest);
    return by > 0 ? [{ name: 'out-of-order', by }] : [];
  }

  function flagsOfLeg(moment: Moment, legUuid: string): Flag[] {
    const status = statusOf(moment);
    const flags: Flag[] = [];
    if (moment.type === 'asked' && moment.entry.type === 'answer') {
      if (asked.has(legUuid)) {
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

  return (moment) => {
    const { entry, legUuid, type } = moment;
    const { took } = entry;
    const slow: Flag[] = took >= SLOW_MS && type !== 'asked' ? [{ name: 'slow', took }] : [];
    if (entry.replayed) {
      return slow;
    }
    return [...slow, ...flagsOfTime(moment), ...(legUuid === null ? [] : flagsOfLeg(moment, legUuid))];
  };
}

function statusOf(moment: Moment): string | null {
  return moment.type === 'event' && moment.facts.kind === 'status' ? moment.facts.status : null;
}
