import { describe, expect, it } from 'vitest';
import { signsOfLife } from './signs-of-life.ts';

const transport = { type: 'transport', packetsReceived: 10, packetsSent: 99 };
const pair = { type: 'candidate-pair', requestsReceived: 3, responsesReceived: 2, requestsSent: 50 };

describe('signs of life', () => {
  it('are packets of any kind that came in', () => {
    expect(signsOfLife([transport])).toBe(10);
    expect(signsOfLife([transport, pair, { ...pair, requestsReceived: 4 }])).toBe(10 + 5 + 6);
  });

  it('are not what we sent, nor other statistics', () => {
    const before = signsOfLife([transport, pair]);
    const later = [
      { ...transport, packetsSent: 120 },
      { ...pair, requestsSent: 51 },
      { type: 'codec', packetsReceived: 5 },
    ];
    expect(signsOfLife(later)).toBe(before);
  });

  it('are none where a counter is missing', () => {
    expect(signsOfLife([{ type: 'transport' }])).toBe(0);
    expect(signsOfLife([])).toBe(0);
  });
});
