import { expect, test } from 'vitest';
import { z } from 'zod';
import { bodyOf } from './body.ts';
import { harOf } from './har.ts';
import { fakeEntry } from './testing.ts';

/** HAR 1.2, as its specification has it: unknown fields must begin with `_`. */
const own = (shape: z.ZodRawShape) =>
  z
    .looseObject(shape)
    .refine(
      (value) => Object.keys(value).every((key) => key in shape || key.startsWith('_')),
      'has a field that HAR does not know',
    );
const pairs = z.array(own({ name: z.string(), value: z.string(), comment: z.string().optional() }));
const size = z.number().int().min(-1);
const har = own({
  log: own({
    version: z.literal('1.2'),
    creator: own({ name: z.string(), version: z.string() }),
    entries: z.array(
      own({
        startedDateTime: z.iso.datetime(),
        time: z.number().min(0),
        request: own({
          method: z.string(),
          url: z.url(),
          httpVersion: z.string(),
          cookies: z.array(z.never()),
          headers: pairs,
          queryString: pairs,
          postData: own({ mimeType: z.string(), text: z.string() }).optional(),
          headersSize: size,
          bodySize: size,
        }),
        response: own({
          status: z.number().int(),
          statusText: z.string(),
          httpVersion: z.string(),
          cookies: z.array(z.never()),
          headers: pairs,
          content: own({ size, mimeType: z.string(), text: z.string().optional() }),
          redirectURL: z.string(),
          headersSize: size,
          bodySize: size,
        }),
        cache: z.strictObject({}),
        timings: own({ send: z.number(), wait: z.number(), receive: z.number() }),
        comment: z.string().optional(),
      }),
    ),
  }),
});

test('an archive is HAR 1.2, whatever the outcome of its requests', () => {
  const answered = fakeEntry({
    id: 2,
    startedAt: 2000,
    url: 'http://localhost:3000/voice/answer?from=447700900000&to=1',
    method: 'GET',
    response: { headers: [['content-type', 'application/json']], body: bodyOf('[]') },
  });
  const refused = fakeEntry({
    id: 3,
    startedAt: 3000,
    status: null,
    response: null,
    error: 'refused the connection',
    request: { headers: [['content-type', 'application/json']], body: bodyOf('{"status":"ringing"}') },
    attempt: 2,
  });
  const pending = fakeEntry({ id: 4, startedAt: 4000, status: null, response: null, took: null });
  const sound = fakeEntry({
    id: 1,
    startedAt: 1000,
    response: { headers: [], body: { text: null, bytes: 9, isCut: false } },
  });
  const made = harOf([pending, refused, answered, sound]);

  expect(har.safeParse(JSON.parse(JSON.stringify(made))).error).toBeUndefined();
  expect(made.log.entries.map((entry) => entry._id)).toEqual([1, 2, 3, 4]);
  const [, first, second] = made.log.entries;
  expect(first?.request.queryString).toEqual([
    { name: 'from', value: '447700900000' },
    { name: 'to', value: '1' },
  ]);
  expect(first?.response.content).toEqual({ size: 2, mimeType: 'application/json', text: '[]' });
  expect(second?.request.postData).toEqual({ mimeType: 'application/json', text: '{"status":"ringing"}' });
  expect(second?.response).toMatchObject({ status: 0, _error: 'refused the connection' });
  expect(second?.comment).toBe('sent: event ringing; attempt 2; refused the connection');
});
