/** The team of the demo, without the person who watches it. */
export const TEAM = ['Bob', 'Carol', 'Dave'] as const;

/** The agent whose page is left to the person who watches. */
export const NEWCOMER = 'Alice';

/** Fictional people, with numbers that are reserved for drama. */
export const CALLERS = [
  { number: '447700900101', name: 'Ada Lovelace', company: 'Analytical Engines' },
  { number: '447700900102', name: 'Grace Hopper', company: 'Compiler & Sons' },
  { number: '447700900103', name: 'Alan Turing', company: null },
  { number: '447700900104', name: 'Katherine Johnson', company: 'Orbit Ltd' },
  { number: '447700900105', name: 'Edsger Dijkstra', company: 'Shortest Path Couriers' },
  { number: '447700900106', name: null, company: null },
  { number: '447700900107', name: 'Hedy Lamarr', company: 'Frequency Hoppers' },
  { number: '447700900108', name: null, company: null },
  { number: '447700900109', name: 'Tim Berners-Lee', company: null },
  { number: '447700900110', name: 'Radia Perlman', company: 'Spanning Trees' },
  { number: '447700900111', name: null, company: null },
  { number: '447700900112', name: 'Margaret Hamilton', company: 'Apollo Travel' },
] as const;

export const SAYINGS = [
  'Hello, I have a question about my order.',
  'It was to arrive on Tuesday, and it has not.',
  'The number of the order is twelve thirty-four.',
  'Could you look that up for me, please?',
  'Great, thank you. Have a nice day!',
] as const;

export const MESSAGE = 'Hello, please call me back about my order, number twelve thirty-four. Thank you.';

export const NOTES = [
  { outcome: 'solved', note: 'Order 1234 arrives tomorrow.' },
  { outcome: 'solved', note: 'Sent the invoice again.' },
  { outcome: 'call back', note: 'Wants to know when it is back in stock.' },
  { outcome: 'wrong department', note: null },
] as const;

export const REASONS = ['lunch', 'break', 'meeting'] as const;

export const DESK_FILE = `phrases:
  hours: We are open from nine to five, Monday to Friday.
outcomes: [solved, call back, wrong department]
queues:
  main:
    callback: true
    wrapUpSeconds: 8
`;

/** What somebody who calls is going to do. Times are in seconds. */
export interface CallerPlan {
  /** How long the caller waits, and what the caller wishes when it is over. */
  patience: number;
  wish: 'hang up' | 'leave a message' | 'ask for a callback';
}

/** What is going to happen in a talk. Times are in seconds. */
export interface TalkPlan {
  length: number;
  endsIt: 'caller' | 'agent';
  /** When the agent puts the caller on hold, and for how long; null: not at all. */
  hold: { after: number; length: number } | null;
}

/** Draws what people do. @param random from 0 to 1 @param speed by which people are faster than usual */
export function createChance(random: () => number, speed: number) {
  const between = (least: number, most: number) => (least + random() * (most - least)) / speed;
  const chance = (share: number) => random() < share;
  function pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(random() * list.length)];
  }
  return {
    between,
    pick,
    caller(): CallerPlan {
      if (chance(0.7)) return { patience: between(60, 120), wish: 'hang up' };
      if (chance(0.3)) return { patience: between(12, 25), wish: 'hang up' };
      return { patience: between(8, 18), wish: chance(0.5) ? 'leave a message' : 'ask for a callback' };
    },
    talk(): TalkPlan {
      return {
        length: between(20, 50),
        endsIt: chance(0.5) ? 'caller' : 'agent',
        hold: chance(0.3) ? { after: between(5, 10), length: between(5, 12) } : null,
      };
    },
    /** What an agent does with the next call that rings, as the emulator's rules say it. */
    rule() {
      if (chance(0.08)) return { does: 'reject', after: between(1, 3) };
      if (chance(0.05)) return { does: 'ring' };
      return { does: 'answer', after: between(1, 5) };
    },
  };
}
