import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { answerEntry, CALLER_LEG, eventEntry } from '../../domain/calls/testing.ts';
import { curlOf } from './curl.ts';

const BASE = 'http://127.0.0.1:3000/';

/** What curl gets from a shell that reads a command. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${command}`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

it('sends an event as received, with its fields in order', () => {
  const payload = { zeta: 1, uuid: CALLER_LEG, text: `it's "$HOME" \`id\` \\ \n ñ`, alpha: [null] };
  expect(argumentsOf(curlOf(eventEntry(payload), BASE))).toEqual([
    '-X',
    'POST',
    'http://127.0.0.1:3000/voice/event',
    '-H',
    'Content-Type: application/json',
    '--data-raw',
    JSON.stringify(payload),
  ]);
});

it('sends a query as a query, with objects as JSON text', () => {
  const payload = { uuid: CALLER_LEG, dtmf: { digits: '1&2' }, from: "o'hara" };
  const [url, ...others] = argumentsOf(curlOf({ ...eventEntry(payload), method: 'GET' }, BASE));
  expect(others).toEqual([]);
  expect(Object.fromEntries(new URL(url ?? '').searchParams)).toEqual({
    uuid: CALLER_LEG,
    dtmf: '{"digits":"1&2"}',
    from: "o'hara",
  });
});

it.each(['answer', 'fallback'] as const)('requests an NCCO from the %s URL', (type) => {
  const entry = {
    ...answerEntry([], { from: '447700900000', to: '442038297050' }),
    type,
    route: `/voice/${type}`,
  };
  expect(argumentsOf(curlOf(entry, BASE))).toEqual([
    `http://127.0.0.1:3000/voice/${type}?from=447700900000&to=442038297050`,
  ]);
});
