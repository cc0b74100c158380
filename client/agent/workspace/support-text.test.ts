import { describe, expect, it } from 'vitest';
import { shortenIds, supportText } from './support-text.ts';

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
    ['dial: +1 (415) 555-0100 is busy', 'dial: …100 is busy'],
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
