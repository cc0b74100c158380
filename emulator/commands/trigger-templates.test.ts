import { describe, expect, it } from 'vitest';
import { kindOf } from '../webhooks/webhook.ts';
import { createVirtualWorld } from '../world.ts';
import { TEMPLATES, withOverrides } from './trigger-templates.ts';

/** Kinds whose name is not that of their template. */
const KINDS: Record<string, string> = {
  transcription: 'transcribed',
  'input-dtmf': 'input',
  'input-speech': 'input',
  payment: 'success',
};

describe('the templates', () => {
  it.each(Object.entries(TEMPLATES))('%s creates a webhook of that kind', (name, { make, what }) => {
    const payload = make(createVirtualWorld({ seed: 1, start: 0 }));
    expect(kindOf(payload)).toBe(KINDS[name] ?? name);
    expect(JSON.parse(JSON.stringify(payload))).toEqual(payload);
    expect(what).not.toBe('');
  });

  it('match the duration of the call', () => {
    const start = Date.parse('2026-03-29T12:00:00.000Z');
    const payload = TEMPLATES.completed?.make(createVirtualWorld({ seed: 1, start }), 42_000);
    expect(payload).toMatchObject({ duration: '42', price: '0.00504000' });
    expect(Date.parse(String(payload?.end_time)) - Date.parse(String(payload?.start_time))).toBe(42_000);
  });
});

describe('overrides', () => {
  const payload = { duration: '12', headers: {}, rate: null, dtmf: { digits: '1', timed_out: false } };

  it.each([
    [['duration=42'], { duration: '42' }],
    [['rate=0.5', 'new=[1,"two"]'], { rate: 0.5, new: [1, 'two'] }],
    [['dtmf.timed_out=true', 'dtmf.digits=7'], { dtmf: { digits: '7', timed_out: true } }],
    [['headers.x.y=deep'], { headers: { x: { y: 'deep' } } }],
    [['duration="5"', 'detail=a=b'], { duration: '5', detail: 'a=b' }],
    [['duration=null'], { duration: null }],
  ])('%j are applied, and text stays text', (settings, changed) => {
    expect(withOverrides(payload, settings)).toEqual({ ...payload, ...changed });
    expect(payload.duration).toBe('12');
  });

  it.each(['duration', '=5', 'a..b=1', '__proto__.x=1', 'a.constructor.b=1'])(
    '%s is rejected with a readable message',
    (setting) => {
      expect(() => withOverrides(payload, [setting])).toThrow(/^--set /);
    },
  );
});
