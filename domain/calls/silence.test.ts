import { describe, expect, it } from 'vitest';
import { summarise, viewCall } from './reduce.ts';
import { asOf, LONGEST_SILENCE_MS } from './silence.ts';
import { answerEntry, at, caller, eventEntry, question, ring, stateAfter } from './testing.ts';

const log = { firstSeenAt: at(100), lastEntryId: 1 };
const open = summarise(stateAfter([eventEntry(caller('started', 0))]), log);

describe('a call of which nothing is heard any more', () => {
  it('goes on for as long as a call can last', () => {
    expect(asOf(open, at(0) + LONGEST_SILENCE_MS - 1)).toEqual(open);
  });

  it('is over after that, and nobody knows how and when', () => {
    expect(asOf(open, at(0) + LONGEST_SILENCE_MS)).toEqual({
      ...open,
      ...{ status: 'ended', end: 'unknown', endedAt: null, hungUpBy: null },
    });
  });

  it('is heard by any of its events, in any order', () => {
    const keys = caller('', 60, { status: null, dtmf: { digits: '1' } });
    const state = stateAfter([eventEntry(keys), eventEntry(caller('started', 0))]);
    expect(summarise(state, log).lastHeardAt).toBe(at(60));
    expect(asOf(viewCall(state), at(59) + LONGEST_SILENCE_MS).status).toBe('started');
    expect(asOf(viewCall(state), at(60) + LONGEST_SILENCE_MS).end).toBe('unknown');
  });

  it('counts from when it was first seen where no event bears a time', () => {
    const asked = summarise(stateAfter([answerEntry(ring, question)]), log);
    expect(asOf(asked, at(100) + LONGEST_SILENCE_MS - 1).status).toBe('started');
    expect(asOf(asked, at(100) + LONGEST_SILENCE_MS)).toMatchObject({ status: 'ended', end: 'unknown' });
  });

  it('stays as it ended', () => {
    const ended = summarise(stateAfter([eventEntry(caller('completed', 9))]), log);
    expect(asOf(ended, Infinity)).toEqual(ended);
  });
});
