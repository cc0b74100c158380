import { describe, expect, it } from 'vitest';
import { summarise } from './reduce.ts';
import { asOf, LONGEST_SILENCE_MS } from './silence.ts';
import { at, caller, eventEntry, stateAfter } from './testing.ts';

const log = { firstSeenAt: at(-100), lastHeardAt: at(0), lastEntryId: 1 };
const open = summarise(stateAfter([eventEntry(caller('started', 0))]), log);

describe('a call without further events', () => {
  it('stays live for as long as a call can last', () => {
    expect(asOf(open, at(0) + LONGEST_SILENCE_MS - 1)).toEqual(open);
  });

  it('is over after that, with its end unknown', () => {
    expect(asOf(open, at(0) + LONGEST_SILENCE_MS)).toEqual({
      ...open,
      ...{ status: 'ended', end: 'unknown', endedAt: null, hungUpBy: null },
    });
  });

  it('stays as it ended', () => {
    const ended = summarise(stateAfter([eventEntry(caller('completed', 9))]), log);
    expect(asOf(ended, Infinity)).toEqual(ended);
  });
});
