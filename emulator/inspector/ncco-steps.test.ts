import { describe, expect, it } from 'vitest';
import { nccoIn } from './ncco-steps.ts';

const talk = { action: 'talk', text: 'Hello', language: 'en-GB' };
const step = { action: 'talk', what: 'Hello', options: [['language', 'en-GB']] };

describe('an NCCO', () => {
  it.each([
    ['in an answer', [talk]],
    ['in a new call', { to: [], ncco: [talk] }],
    ['in a change of a call', { action: 'transfer', destination: { type: 'ncco', ncco: [talk] } }],
  ])('is found %s', (_, body) => {
    expect(nccoIn(JSON.stringify(body))).toEqual([step]);
  });

  it.each(['', 'no JSON', '[]', '{}', '[1]', '[{"a":1}]', 'null', '"talk"'])('is not found in %s', (body) => {
    expect(nccoIn(body)).toBeUndefined();
  });

  it('shows whom a connect calls', () => {
    const endpoint = [
      { type: 'app', user: 'Alice' },
      { type: 'phone', number: '447700900000' },
    ];
    expect(nccoIn(JSON.stringify([{ action: 'connect', endpoint, timeout: 20 }]))).toEqual([
      { action: 'connect', what: 'app Alice, phone 447700900000', options: [['timeout', '20']] },
    ]);
  });

  it('shows an unknown action, and one without its main field', () => {
    expect(nccoIn('[{"action":"dance","with":{"a":1}},{"action":"talk"}]')).toEqual([
      { action: 'dance', what: '', options: [['with', '{"a":1}']] },
      { action: 'talk', what: '', options: [] },
    ]);
  });
});
