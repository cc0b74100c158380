import type { Journal, LegRecord } from './journal.ts';
import type { CallPlan, ExpectedLeg } from './scenario.ts';

/** Compares what became of a call with what was expected of it. @returns what differs, in words. */
export function differences(uuid: string, plan: CallPlan, journal: Journal): string[] {
  const legs = journal.legsOf(uuid);
  return Object.entries(plan.expect).flatMap(([name, expected]) => {
    const found = [...legs].filter(([id, leg]) =>
      name === 'caller' ? id === uuid : id !== uuid && leg.name === name,
    );
    const records = found.map(([, leg]) => leg);
    if (records.length === 0) return [`${name} had no leg`];
    return compare(expected, joined(records)).map((difference) => `${name}: ${difference}`);
  });
}

/** Legs with the same name, such as an agent who was called twice, count as one. */
function joined(records: LegRecord[]): Pick<LegRecord, 'events' | 'duration'> {
  const durations = records.flatMap(({ duration }) => (duration === undefined ? [] : [duration]));
  return {
    events: records.flatMap(({ events }) => events),
    ...(durations.length > 0 && { duration: durations.reduce((sum, one) => sum + one, 0) }),
  };
}

function compare(
  expected: ExpectedLeg,
  { events, duration }: Pick<LegRecord, 'events' | 'duration'>,
): string[] {
  const found: string[] = [];
  if (expected.events && expected.events.join() !== events.join()) {
    found.push(`events were ${listed(events)}, not ${listed(expected.events)}`);
  }
  if (expected.status !== undefined && events.at(-1) !== expected.status) {
    found.push(`ended with "${events.at(-1) ?? 'nothing'}", not "${expected.status}"`);
  }
  if (expected.duration !== undefined && !lies(duration, expected.duration)) {
    const bounds = typeof expected.duration === 'number' ? [expected.duration] : expected.duration;
    found.push(`lasted ${duration ?? 'no'} s, not ${bounds.join(' to ')} s`);
  }
  return found;
}

function lies(duration: number | undefined, expected: number | [number, number]): boolean {
  if (duration === undefined) return false;
  const [least, most] = typeof expected === 'number' ? [expected, expected] : expected;
  return duration >= least && duration <= most;
}

function listed(events: string[]): string {
  return events.length > 0 ? events.join(', ') : 'none';
}
