import { describe, expect, it } from 'vitest';
import { bodyOf } from '../traffic/body.ts';
import type { Entry } from '../traffic/entry.ts';
import { redactHeaders } from '../traffic/redact.ts';
import { fakeEntry } from '../traffic/testing.ts';
import { curlOf } from './curl.ts';

const commandOf = (entry: Entry) => curlOf(entry).command;

describe('a request as a command', () => {
  it('has the method, URL, headers and body, and no connection headers', () => {
    const entry = fakeEntry({
      request: {
        headers: [
          ['Host', 'localhost:3000'],
          ['Content-Length', '2'],
          ['Content-Type', 'application/json'],
          ['Sec-Fetch-Mode', 'cors'],
        ],
        body: bodyOf('{}'),
      },
    });
    expect(commandOf(entry)).toBe(
      [
        `curl 'http://localhost:3000/voice/event' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  --data-raw '{}'`,
      ].join('\n'),
    );
  });

  it.each([
    ['GET', null, /^curl 'http/],
    ['POST', null, /^curl -X POST 'http/],
    ['POST', 'a', /^curl 'http/],
    ['GET', 'a', /^curl -X GET 'http/],
    ['DELETE', null, /^curl -X DELETE 'http/],
    ['HEAD', null, /^curl --head 'http/],
  ])('names the method if curl would choose another: %s with %s', (method, body, expected) => {
    const request = { headers: [], body: body === null ? null : bodyOf(body) };
    expect(commandOf(fakeEntry({ method, request }))).toMatch(expected);
  });

  it('takes the token from a variable', () => {
    const headers = redactHeaders([['authorization', 'Bearer a.b.c']]);
    expect(commandOf(fakeEntry({ request: { headers, body: null } }))).toContain(
      `-H 'authorization: Bearer '"$TOKEN"`,
    );
  });

  it('passes API key and secret as the user', () => {
    const headers = redactHeaders([['Authorization', `Basic ${btoa('abcd1234:secret')}`]]);
    const command = commandOf(fakeEntry({ request: { headers, body: null } }));
    expect(command).toContain(`-u 'abcd1234:'"$API_SECRET"`);
    expect(command).not.toContain('Authorization');
  });

  it('escapes quotes and dollar signs', () => {
    const request = { headers: [], body: bodyOf(`it's $HOME "here"`) };
    expect(commandOf(fakeEntry({ request }))).toContain(String.raw`--data-raw 'it'\''s $HOME "here"'`);
  });

  it('says that a body was truncated', () => {
    const request = { headers: [], body: { text: 'a', bytes: 99_999, isCut: true } };
    expect(commandOf(fakeEntry({ request }))).toMatch(/^# The body was longer.*\ncurl /);
  });

  it('sends no unknown body', () => {
    const request = { headers: [], body: { text: null, bytes: 9, isCut: false } };
    expect(commandOf(fakeEntry({ request }))).not.toContain('--data-raw');
  });

  it('names the variables that it needs, whatever the body says of others', () => {
    const headers = redactHeaders([
      ['Authorization', `Basic ${btoa('abcd1234:secret')}`],
      ['x-other', 'a'],
    ]);
    const body = bodyOf('"$HOME"');
    expect(curlOf(fakeEntry({ request: { headers, body } })).variables).toEqual(['API_SECRET']);
    expect(curlOf(fakeEntry({ request: { headers: [], body } })).variables).toEqual([]);
  });
});
