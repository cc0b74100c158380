import { describe, expect, it } from 'vitest';
import { kindOf } from '../webhooks/webhook.ts';
import { createVirtualWorld } from '../world.ts';
import { TEMPLATES } from './templates.ts';

/** Kinds whose name is not that of their template. */
const KINDS: Record<string, string> = {
  transcription: 'transcribed',
  'input-dtmf': 'input',
  'input-speech': 'input',
  payment: 'success',
};

describe('the templates', () => {
  it.each(Object.entries(TEMPLATES))('%s makes a webhook of that kind', (name, { make, what }) => {
    const payload = make(createVirtualWorld({ seed: 1, start: 0 }));
    expect(kindOf(payload)).toBe(KINDS[name] ?? name);
    expect(JSON.parse(JSON.stringify(payload))).toEqual(payload);
    expect(what).not.toBe('');
  });

  it('fit the length of the call', () => {
    const start = Date.parse('2026-03-29T12:00:00.000Z');
    const payload = TEMPLATES.completed?.make(createVirtualWorld({ seed: 1, start }), 42_000);
    expect(payload).toMatchObject({ duration: '42', price: '0.00504000' });
    expect(Date.parse(String(payload?.end_time)) - Date.parse(String(payload?.start_time))).toBe(42_000);
  });
});
