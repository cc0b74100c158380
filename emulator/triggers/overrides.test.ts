import { describe, expect, it } from 'vitest';
import { withOverrides } from './overrides.ts';

describe('overrides', () => {
  const payload = { duration: '12', headers: {}, rate: null, dtmf: { digits: '1', timed_out: false } };

  it.each([
    [['duration=42'], { duration: '42' }],
    [['rate=0.5', 'new=[1,"two"]'], { rate: 0.5, new: [1, 'two'] }],
    [['dtmf.timed_out=true', 'dtmf.digits=7'], { dtmf: { digits: '7', timed_out: true } }],
    [['headers.x.y=deep'], { headers: { x: { y: 'deep' } } }],
    [['duration="5"', 'detail=a=b'], { duration: '5', detail: 'a=b' }],
    [['duration=null'], { duration: null }],
  ])('%j are put in; a text stays a text', (settings, changed) => {
    expect(withOverrides(payload, settings)).toEqual({ ...payload, ...changed });
    expect(payload.duration).toBe('12');
  });

  it.each(['duration', '=5', 'a..b=1', '__proto__.x=1', 'a.constructor.b=1'])(
    '%s is refused in words',
    (setting) => {
      expect(() => withOverrides(payload, [setting])).toThrow(/^--set /);
    },
  );
});
