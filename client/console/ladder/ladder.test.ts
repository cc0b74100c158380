import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerEntry,
  CALLER_LEG,
  deliveriesOf,
  eventEntry,
  transcript,
  wholeCalls,
} from '../../../domain/calls/testing.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import type { Rung } from './ladder.ts';
import { ladderFrom } from './testing.ts';

const NCCO: Ncco = [
  { action: 'talk', text: 'Please wait' },
  { action: 'connect', timeout: 45, endpoint: [{ type: 'app', user: 'Alice' }] },
];

/** Vonage's published transcript, as it came 100 ms after each thing happened. */
function tutorialCall(): LogEntry[] {
  const events = transcript.map((payload, index) => ({
    ...eventEntry(payload),
    id: index < 2 ? index + 1 : index + 2,
    receivedAt: Date.parse(String(payload.timestamp)) + 100,
  }));
  const asked = answerEntry(NCCO, { uuid: CALLER_LEG, from: '447700900000', to: '442038297050' });
  const received = events[1]?.receivedAt ?? 0;
  return [...events, { ...asked, id: 3, receivedAt: received + 10, took: 4 }].sort((a, b) => a.id - b.id);
}

const steps = (rungs: readonly Rung[]) => rungs.filter((rung) => rung.type === 'step');

/** Each step in short: what happened, and what went from whom to whom. */
function lines(rungs: readonly Rung[]): string[] {
  return rungs.map((rung) => {
    if (rung.type === 'talk') {
      return `talk with ${rung.who}`;
    }
    const { arrows, kind } = rung;
    const what = kind.name === 'leg' ? `${kind.party} ${kind.status}` : kind.name;
    return [what, ...arrows.map(({ from, to, carries }) => `${from} → ${to}: ${carries}`)].join(', ');
  });
}

describe('the ladder of a call', () => {
  it('has every webhook, NCCO and conversation in order', () => {
    expect(lines(ladderFrom(tutorialCall()))).toEqual([
      'caller ringing, vonage → caller: leg, vonage → server: event',
      'caller started, caller → vonage: leg, vonage → server: event',
      'asks, vonage → server: answer',
      'instructs, server → vonage: ncco',
      'caller answered, vonage → caller: leg, vonage → server: event',
      'agent started, vonage → agent: leg, vonage → server: event',
      'agent answered, agent → vonage: leg, vonage → server: event',
      'talk with Alice',
      'caller completed, vonage → caller: leg, vonage → server: event',
      'agent completed, vonage → agent: leg, vonage → server: event',
    ]);
  });

  it('has the time since the start and since the previous step', () => {
    const times = steps(ladderFrom(tutorialCall())).map(({ sinceStart, sincePrevious }) => [
      sinceStart,
      sincePrevious,
    ]);
    expect(times.slice(0, 5)).toEqual([
      [0, null],
      [0, 0],
      [10, 10],
      [14, 4],
      [600, 586],
    ]);
  });

  it('says who is connected after each step', () => {
    const after = ladderFrom(tutorialCall()).map(({ after: { caller, agent, isTalking } }) =>
      [caller, agent.stage, isTalking ? 'talking' : ''].join(' '),
    );
    expect(after).toEqual([
      'ringing absent ',
      'ringing absent ',
      'ringing absent ',
      'ringing absent ',
      'connected absent ',
      'connected ringing ',
      'connected connected talking',
      'connected connected talking',
      'gone connected ',
      'gone gone ',
    ]);
  });

  it('has a conversation from its start to its end, or to now', () => {
    const [talk] = ladderFrom(tutorialCall()).filter((rung) => rung.type === 'talk');
    expect((talk?.until ?? 0) - (talk?.from ?? 0)).toBe(4_489);
    const [open] = ladderFrom(tutorialCall().slice(0, -2)).filter((rung) => rung.type === 'talk');
    expect(open?.until).toBeNull();
  });

  it('has what came in the same millisecond in the order of the ids, whatever the replies took', () => {
    const asked = { ...answerEntry(NCCO, { uuid: CALLER_LEG }), id: 1, receivedAt: 1_000, took: 0.6 };
    const answered = { ...eventEntry(transcript[2] ?? {}), id: 2, receivedAt: 1_000 };
    const order = ['asks', 'instructs', 'caller answered'];
    for (const entries of [
      [asked, answered],
      [answered, asked],
    ]) {
      const rungs = ladderFrom(entries);
      expect(lines(rungs).map((line) => line.split(',')[0])).toEqual(order);
      expect(steps(rungs).map(({ sinceStart }) => sinceStart)).toEqual([0, 0, 0]);
    }
  });

  it('has who hung up', () => {
    const hungUp = eventEntry({ ...transcript[6], disconnected_by: 'user' });
    expect(lines(ladderFrom([hungUp]))).toEqual([
      'caller completed, caller → vonage: leg, vonage → server: event',
    ]);
  });

  it('does not treat a replayed event as part of the call', () => {
    const [step] = steps(ladderFrom([{ ...eventEntry({ ...transcript[2] }), replayed: true }]));
    expect(step?.arrows).toEqual([{ from: 'vonage', to: 'server', carries: 'event' }]);
    expect(step?.happenedAt).toBeNull();
  });

  it('knows whose leg it is even if that arrives late', () => {
    const [, , answered] = transcript;
    const { direction: _, ...nameless } = answered ?? {};
    expect(
      lines(ladderFrom([eventEntry(nameless), eventEntry({ ...answered, timestamp: 'later' })]))[0],
    ).toBe('caller answered, vonage → caller: leg, vonage → server: event');
  });

  it.each([
    [{ recording_url: 'https://api.nexmo.com/v1/files/1', size: 12 }, { name: 'recording' }],
    [{ status: 'transcribed', type: 'record', recording_uuid: '1' }, { name: 'transcription' }],
    [{ dtmf: { digits: '42' } }, { name: 'input', digits: '42', speech: null }],
    [
      { speech: { results: [{ text: 'sales', confidence: '0.9' }] } },
      { name: 'input', digits: null, speech: 'sales' },
    ],
    [{ type: 'transfer', conversation_uuid_from: 'a' }, { name: 'transfer' }],
    [{ reason: 'bad NCCO' }, { name: 'error', reason: 'bad NCCO' }],
    [{ payload: {} }, { name: 'notify' }],
    [
      { call_uuid: '1', status: 'human' },
      { name: 'machine', isHuman: true },
    ],
    [{ status: 'disconnected' }, { name: 'websocket-gone' }],
    [{ status: 'success' }, { name: 'payment', isDone: true }],
    [{ from: '1', to: '2', uuid: '3' }, { name: 'asks-wrongly' }],
    [{ status: 'started', uuid: 'of nobody' }, { name: 'unknown' }],
    [{ something: 'else' }, { name: 'unknown' }],
  ])('describes what happened in %j', (payload, kind) => {
    expect(steps(ladderFrom([eventEntry(payload)])).map((step) => step.kind)).toEqual([kind]);
  });

  it('is empty if nothing happened', () => {
    expect(ladderFrom([])).toEqual([]);
  });
});

describe('any call, however it was delivered', () => {
  const delivered = wholeCalls.chain(({ entries }) => deliveriesOf(entries));

  it('has one step per entry, two for an NCCO, in order of time', () => {
    fc.assert(
      fc.property(delivered, (entries) => {
        const all = steps(ladderFrom(entries));
        expect(all).toHaveLength(entries.length + entries.filter(({ type }) => type !== 'event').length);
        for (const { sincePrevious, sinceStart } of all) {
          expect(sinceStart).toBeGreaterThanOrEqual(sincePrevious ?? 0);
          expect(sincePrevious ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('has a unique key for every step', () => {
    fc.assert(
      fc.property(delivered, (entries) => {
        const keys = ladderFrom(entries).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('never brings back a party that left', () => {
    fc.assert(
      fc.property(delivered, (entries) => {
        const stages = ladderFrom(entries).map(({ after }) => after.caller);
        const gone = stages.indexOf('gone');
        expect(gone < 0 || stages.slice(gone).every((stage) => stage === 'gone')).toBe(true);
      }),
    );
  });
});
