import { describe, expect, it } from 'vitest';
import { createEventLog, shortenIds, supportText } from './event-log.ts';

describe('the event log', () => {
  it('keeps the last two hundred entries with their times', () => {
    let now = 0;
    const log = createEventLog(() => now);
    for (now = 1; now <= 250; now += 1) {
      log.add(`entry ${now}`);
    }
    expect(log.entries.value).toHaveLength(200);
    expect(log.entries.value[0]).toEqual({ at: 51, text: 'entry 51' });
    expect(log.entries.value.at(-1)).toEqual({ at: 250, text: 'entry 250' });
  });

  it('never keeps a token', () => {
    const log = createEventLog();
    log.add('no connection to ws://host/?token=eyJhbGci-_Oi.eyJzdWIi.c2lnbg_-');
    expect(log.entries.value[0]?.text).toBe('no connection to ws://host/?token=(token)');
  });
});

it.each([
  ['over, 944bf4bf-8dc7-4e23-86b2-2f4234777416', 'over, 944bf4bf…'],
  ['CON-944bf4bf-8dc7-4e23-86b2-2f4234777416.', 'CON-944bf4bf….'],
  ['invited by 447700900000, leg-1', 'invited by 447700900000, leg-1'],
])('shows ids in short: %s', (text, expected) => {
  expect(shortenIds(text)).toBe(expected);
});

describe('the text for support', () => {
  it.each([
    ['invited by 447700900000 (phone)', 'invited by …000 (phone)'],
    ['invited by +44 7700 900123.', 'invited by …123.'],
    ['leg 944bf4bf-8dc7-4e23-86b2-2f4234777416', 'leg 944bf4bf-8dc7-4e23-86b2-2f4234777416'],
    ['session 1234567890ab', 'session 1234567890ab'],
    ['HTTP 503', 'HTTP 503'],
  ])('shortens phone numbers and leaves ids: %s', (text, expected) => {
    expect(supportText([{ at: 0, text }], [])).toBe(`1970-01-01T00:00:00.000Z ${expected}`);
  });

  it('begins with the facts', () => {
    expect(supportText([], ['line open', 'number 442038297050'])).toBe('line open\nnumber …050');
  });
});
