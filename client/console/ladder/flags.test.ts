import { describe, expect, it } from 'vitest';
import { answerEntry, CALLER_LEG, eventEntry, transcript } from '../../../domain/calls/testing.ts';
import type { AnswerEntry, LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { ladderFrom } from './testing.ts';

/** The flags of each step, in short. Entries come one second after the other. */
function flagsOf(entries: readonly LogEntry[]): string[][] {
  const received = entries.map((entry, index) => ({ ...entry, id: index + 1, receivedAt: index * 1_000 }));
  return ladderFrom(received)
    .filter((rung) => rung.type === 'step')
    .map(({ flags }) => flags.map((flag) => ('by' in flag ? `${flag.name} by ${flag.by}` : flag.name)));
}

const SECOND = Date.parse('2026-03-29T12:00:00.000Z');

/** A status of the caller's leg, so many seconds after noon by Vonage's clock. */
function told(status: string, seconds: number, changes: Record<string, unknown> = {}): LogEntry {
  const timestamp = new Date(SECOND + seconds * 1_000).toISOString();
  return eventEntry({ uuid: CALLER_LEG, status, direction: 'inbound', timestamp, ...changes });
}

const asked = (changes: Partial<AnswerEntry> = {}) => ({
  ...answerEntry([], { uuid: CALLER_LEG }),
  ...changes,
});

describe('a step is flagged', () => {
  it('if it happened before something received earlier', () => {
    expect(flagsOf([told('started', 0), told('completed', 5), told('answered', 2)]).at(-1)).toContain(
      'out-of-order by 3000',
    );
  });

  it('in the tutorial’s call, for the "completed" that overtook another', () => {
    expect(flagsOf(transcript.map((payload) => eventEntry(payload)))).toEqual([
      [],
      [],
      [],
      [],
      [],
      [],
      ['out-of-order by 60'],
    ]);
  });

  it('if its leg had already ended', () => {
    expect(flagsOf([told('answered', 1), told('completed', 2), told('ringing', 3)])).toEqual([
      [],
      [],
      ['after-the-end'],
    ]);
  });

  it('if a leg completed without an answer', () => {
    expect(flagsOf([told('started', 0), told('completed', 5)])).toEqual([[], ['never-answered']]);
  });

  it('if Vonage retries a request', () => {
    expect(flagsOf([asked(), asked()])).toEqual([[], [], ['asked-again'], []]);
    expect(flagsOf([asked({ repeats: 1 })])).toEqual([['asked-again'], []]);
  });

  it('if a response was slow', () => {
    expect(flagsOf([asked({ took: 1_000 })])).toEqual([[], ['slow']]);
    expect(flagsOf([{ ...told('started', 0), took: 2_000 }])).toEqual([['slow']]);
  });
});

describe('a step is not flagged', () => {
  it.each([
    ['a leg that was answered, though that came late', [told('completed', 5), told('answered', 5)], 0],
    ['a leg that was not answered, with a reason', [told('timeout', 5), told('completed', 5)], 1],
    [
      'a leg that was billed: it was answered, whether an event says so or not',
      [told('completed', 50, { start_time: '2026-03-29T12:00:08.000Z', duration: '42' })],
      0,
    ],
    ['a leg that its own party ended', [told('completed', 5, { disconnected_by: 'user' })], 0],
    ['things that happened at the same time', [told('ringing', 0), told('started', 0)], 1],
    [
      'the fallback URL that is asked after the answer URL',
      [asked(), asked({ type: 'fallback', route: '/voice/fallback' })],
      2,
    ],
    ['a leg that is asked about elsewhere', [asked(), asked({ route: '/voice/next/7' })], 2],
    [
      'what came twice',
      [told('answered', 1), told('completed', 5), { ...told('answered', 1), repeats: 1 }],
      2,
    ],
    [
      'what came before an app leg was answered: nobody says when that was',
      [told('started', 3), told('', 9, { status: null, dtmf: '1' }), told('answered', 3)],
      2,
    ],
    ['an event without a time', [told('answered', 5), told('started', 0, { timestamp: null })], 1],
    ['a replay', [told('answered', 1), told('completed', 5), { ...told('answered', 1), replayed: true }], 2],
  ] as const)('for %s', (_, entries, step) => {
    expect(flagsOf(entries as readonly LogEntry[])[step]).toEqual([]);
  });
});
