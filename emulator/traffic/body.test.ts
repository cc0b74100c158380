import { expect, test } from 'vitest';
import { bodyOf, collectBody } from './body.ts';

const bytes = (text: string) => Buffer.from(text);

test('a body in chunks is joined, even if a character is split', () => {
  const collector = collectBody();
  const whole = bytes('{"name":"Ñandú"}');
  collector.add(whole.subarray(0, 10));
  collector.add(whole.subarray(10));
  expect(collector.body('application/json; charset=utf-8')).toEqual({
    text: '{"name":"Ñandú"}',
    bytes: 18,
    isCut: false,
  });
});

test('audio is counted and not shown', () => {
  const collector = collectBody();
  collector.add(new Uint8Array(3000));
  expect(collector.body('audio/wav')).toEqual({ text: null, bytes: 3000, isCut: false });
});

test('an empty body is empty', () => {
  expect(collectBody().body('application/json')).toBeNull();
});

test('a body is redacted first, then truncated', () => {
  const collector = collectBody();
  const part = bytes('x'.repeat(100_000));
  for (let index = 0; index < 20; index += 1) collector.add(part);
  const body = collector.body('text/plain');
  expect(body).toMatchObject({ bytes: 2_000_000, isCut: true });
  expect(body?.text).toHaveLength(64 * 1024);
  const secret = `{"pad":"${'x'.repeat(65_000)}","private_key":"${'k'.repeat(10_000)}"}`;
  expect(bodyOf(secret).text).not.toContain('kkk');
});
