import type { Exit } from '../../domain/desk/desk.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import { COUNT_NAMES, figuresOf } from '../../domain/desk/figures.ts';

/** A call as the caller lived through it. */
export interface SeenCall {
  leg: string;
  /** Whether a server answered: from then on the call must not be lost. */
  isTaken: boolean;
  /** Whether an answer took so long that it was made without the store: the desk cannot know what the caller hears. */
  isGuessed: boolean;
  /** Whether an agent was in the call with the caller. */
  talked: boolean;
  /** When it was over for the caller, in milliseconds since 1970; null: it is not. */
  overAt: number | null;
}

export interface Stored {
  /** Keys of the events that are in the log. */
  events: ReadonlySet<string>;
  /** What the desk did. */
  desk: readonly DeskEvent[];
}

/** What is wrong, each in words. */
export interface Verdict {
  lost: string[];
  /** How many calls left the desk, by how. */
  exits: Readonly<Partial<Record<Exit, number>>>;
}

/**
 * Compares what was seen outside with what is stored.
 * @param acknowledged keys of the events of which a server said that it has them
 */
export function judge(seen: readonly SeenCall[], acknowledged: Iterable<string>, stored: Stored): Verdict {
  const calls = Map.groupBy(stored.desk, (event) => ('call' in event ? event.call : ''));
  const exits = stored.desk.flatMap((event) => (event.kind === 'left' ? [event.exit] : []));
  return {
    lost: [
      ...[...acknowledged]
        .filter((key) => !stored.events.has(key))
        .map((key) => `the event ${key} is not stored`),
      ...seen.flatMap((call) => faultsOf(call, calls.get(call.leg) ?? [])),
      ...sumFaults(stored.desk),
    ],
    exits: Object.fromEntries(
      Map.groupBy(exits, (exit) => exit)
        .entries()
        .map(([exit, all]) => [exit, all.length]),
    ),
  };
}

/**
 * Milliseconds until an agent is in the call, if her answer was lost or late on its way. A caller who hangs up before may or
 * may not have heard her.
 */
const JOINS_MS = 2_000;

/** Milliseconds by which the platform's request for an agent's part may be late: the caller may have hung up meanwhile. */
const LATE_MS = 5_000;

function faultsOf(
  { leg, isTaken, isGuessed, talked, overAt }: SeenCall,
  told: readonly DeskEvent[],
): string[] {
  const of = (kind: DeskEvent['kind']) => told.filter((event) => event.kind === kind).length;
  const exits = told.flatMap((event) => (event.kind === 'left' ? [event.exit] : []));
  const connectedAt = told.find(({ kind }) => kind === 'connected')?.at;
  const endedAt = told.find(({ kind }) => kind === 'left')?.at ?? 0;
  const together = connectedAt === undefined ? 0 : Math.min(endedAt, overAt ?? Infinity) - connectedAt;
  const late = connectedAt === undefined || overAt === null ? 0 : connectedAt - overAt;
  // Who hung up after an answer that was made without the store never came to the desk.
  if (told.length === 0 && (!isTaken || (isGuessed && overAt !== null && !talked))) return [];
  const faults = [
    overAt === null && 'is not over for the caller',
    of('entered') !== 1 && `entered the desk ${of('entered')} times`,
    exits.length !== 1 && `left the desk ${exits.length} times`,
    of('ended') !== 1 && `ended ${of('ended')} times`,
    exits.includes('lost') && 'was lost by the desk',
    !isGuessed && talked && of('connected') === 0 && 'talked to an agent, of which the desk knows nothing',
    !isGuessed &&
      !talked &&
      together >= JOINS_MS &&
      `never talked to an agent, although the desk says so for ${together / 1000} s`,
    late > LATE_MS && `was put through to an agent ${late / 1000} s after hanging up`,
  ];
  return faults.flatMap((fault) => (fault === false ? [] : [`call ${leg} ${fault}`]));
}

/** Every caller who entered is counted once. */
function sumFaults(desk: readonly DeskEvent[]): string[] {
  const [first, last] = [desk[0], desk.at(-1)];
  if (first === undefined || last === undefined) return ['the desk did nothing'];
  const figures = figuresOf(desk, first.at, last.at + 1);
  const { offered, answered, abandoned, overflowed, callback } = figures;
  if (answered + abandoned + overflowed + callback === offered) return [];
  return [`the figures do not add up: ${COUNT_NAMES.map((name) => `${name} ${figures[name]}`).join(', ')}`];
}
