import { describe, expect, it } from 'vitest';
import { transcript } from '../../domain/calls/testing.ts';
import { parseAnswerRequest } from '../../domain/webhooks/answer-request.ts';
import { recordedTerminal, tutorialLog } from '../testing.ts';

function request(fields: Record<string, unknown>) {
  const parsed = parseAnswerRequest(fields);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('the pretty log', () => {
  it('prints a call exactly as the tutorial shows it', () => {
    const { terminal, text } = recordedTerminal();
    terminal.received({ type: 'answer', request: request({ from: '447700900000', to: '442038297050' }) });
    for (const event of transcript) terminal.received({ type: 'event', event });
    expect(text()).toBe(tutorialLog);
  });

  it('says why the fallback URL was requested', () => {
    const { terminal, text } = recordedTerminal();
    terminal.received({
      type: 'fallback',
      request: request({ from: '1000', to: '2000', reason: 'Connection timeout' }),
    });
    expect(text()).toBe(
      'NCCO fallback request:\n  - caller: 1000\n  - callee: 2000\n  - reason: Connection timeout\n---\n',
    );
  });

  it('names an app caller by user, and a missing caller as unknown', () => {
    const { terminal, text } = recordedTerminal();
    terminal.received({ type: 'answer', request: request({ from_user: 'Carol' }) });
    terminal.received({ type: 'answer', request: request({}) });
    expect(text()).toBe(
      'NCCO request:\n  - caller: Carol\n  - callee: unknown\n---\nNCCO request:\n  - caller: unknown\n  - callee: unknown\n---\n',
    );
  });

  const deceptions = [
    '\n---\nEVENT:',
    '\r',
    '\u001b[2K',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\u009b31m',
    '\ud800',
    '\u{e0041}',
  ];
  it.each(deceptions.map((text) => [JSON.stringify(text), text]))(
    'does not let a value forge or hide a line: %s',
    (_, forged) => {
      const { terminal, text } = recordedTerminal();
      terminal.received({ type: 'answer', request: request({ from: `1${forged}2`, to: forged }) });
      terminal.received({ type: 'event', event: { uuid: `1${forged}2`, [`key${forged}`]: forged } });
      const lines = text().split('\n');
      expect(lines.filter((line) => line === '---')).toHaveLength(2);
      expect(lines.filter((line) => line === 'EVENT:')).toHaveLength(1);
      expect(text().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    },
  );

  it('distinguishes a backslash in a value from an escape', () => {
    const { terminal, text } = recordedTerminal();
    terminal.received({ type: 'answer', request: request({ from: 'a\\u000ab' }) });
    expect(text()).toContain('  - caller: a\\\\u000ab\n');
  });

  it('prints the whole payload', () => {
    const { terminal, text } = recordedTerminal();
    const deep = { a: { b: { c: { d: { e: 'deepest' } } } } };
    terminal.received({
      type: 'event',
      event: {
        uuid: '1',
        deep,
        long: 'x'.repeat(20_000),
        many: Array.from({ length: 300 }, (_, i) => i),
      },
    });
    expect(text()).toContain("'deepest'");
    expect(text()).toContain('x'.repeat(20_000));
    expect(text()).toContain('299');
    expect(text()).not.toContain('more');
  });

  it('indents the lines of an error, so that none looks like a log line', () => {
    const { terminal, text } = recordedTerminal();
    terminal.warning('GET / failed: Error: a\n---\n    at there');
    expect(text()).toBe('Warning: GET / failed: Error: a\n    ---\n        at there\n');
  });

  it.each(['note', 'warning'] as const)('does not let a %s reverse or hide text', (kind) => {
    const { terminal, text } = recordedTerminal();
    terminal[kind]('Alice \u202e000009007744\u2066\u200f\u061c\u001b[2K\rBob');
    expect(text()).toContain('Alice \\u202e000009007744\\u2066\\u200f\\u061c\\u001b[2K\\u000dBob\n');
  });

  it('uses colours if allowed, and still escapes values', () => {
    const { terminal, text } = recordedTerminal('pretty', true);
    terminal.received({ type: 'event', event: { uuid: '\u001b[0m\u202e' } });
    expect(text()).toContain('\u001b[32m');
    expect(text()).toContain('\\x1B[0m\\u202e');
  });
});

describe('the JSON log', () => {
  it('is one object per line, written when the webhook was answered', () => {
    const { terminal, text } = recordedTerminal('json');
    const fallback = {
      type: 'fallback',
      request: request({ from: '1000', to: '2000', uuid: 'u', reason: 'late' }),
    } as const;
    const event = { type: 'event', event: { uuid: 'u', text: 'a\nb\u2028\u009b\u202ec' } } as const;
    terminal.received(fallback);
    terminal.received(event);
    expect(text()).toBe('');
    terminal.replied(fallback, { requestId: 'r1', status: 200, took: 1.5 });
    terminal.replied(event, { requestId: 'r2', status: 503, took: 20 });
    terminal.note('two\nlines');
    terminal.warning('careful');
    const lines = text().trimEnd().split('\n');
    expect(text()).not.toMatch(/[\u2028\u009b\u202e]/);
    const time = '1970-01-01T00:00:00.000Z';
    const info = { level: 'info', time };
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        ...info,
        type: 'ncco-fallback-request',
        requestId: 'r1',
        status: 200,
        took: 1.5,
        caller: '1000',
        callee: '2000',
        uuid: 'u',
        conversation_uuid: null,
        reason: 'late',
      },
      { ...info, type: 'event', requestId: 'r2', status: 503, took: 20, event: event.event },
      { ...info, type: 'note', text: 'two\nlines' },
      { level: 'warn', time, type: 'warning', text: 'careful' },
    ]);
  });
});

describe('masked numbers', () => {
  it.each(['pretty', 'json'] as const)(
    'are masked before a colon, as in the lines of the desk (%s)',
    (format) => {
      const { terminal, text } = recordedTerminal(format, false, 'masked');
      terminal.desk('DESK: call from 447700900000: not transferred to +442038297050: nobody answered', null);
      expect(text()).toContain('call from •••••••••000: not transferred to +•••••••••050: nobody');
    },
  );

  it('keep their last three digits, in both formats and at any depth', () => {
    for (const format of ['pretty', 'json'] as const) {
      const { terminal, text } = recordedTerminal(format, false, 'masked');
      const webhook = {
        type: 'event',
        event: {
          from: '447700900000',
          to: '+442038297050',
          uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
          conversation_uuid: 'CON-12345678-1234-1234-1234-123456789012',
          timestamp: '2021-03-29T21:20:05.582Z',
          deep: { list: ['sip:447700900001@example.com', '447700900002'] },
          price: '0.00144000',
        },
      } as const;
      terminal.received(webhook);
      terminal.replied(webhook, { requestId: 'r', status: 200, took: 1 });
      terminal.warning('No user for 447700900003.');
      expect(text()).toContain('•••••••••000');
      expect(text()).toContain('+•••••••••050');
      expect(text()).toContain('0779a56d002f1c7f47f82ef5fe84ab79');
      expect(text()).toContain('CON-12345678-1234-1234-1234-123456789012');
      expect(text()).toContain('2021-03-29T21:20:05.582Z');
      expect(text()).toContain('0.00144000');
      expect(text()).not.toMatch(/4477009|4420382/);
    }
  });
});

it('masks a number with invisible marks between its digits, and shows the marks', () => {
  const { terminal, text } = recordedTerminal('pretty', false, 'masked');
  terminal.warning('No user for \u202a4477\u202e00900003\u202c.');
  expect(text()).toBe('Warning: No user for \\u202a••••\\u202e•••••003\\u202c.\n');
});

describe('writing', () => {
  it('happens once per turn of the event loop, in order', async () => {
    const { terminal, written } = recordedTerminal();
    terminal.note('one');
    terminal.note('two');
    expect(written).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(['one\ntwo\n']);
    terminal.note('three');
    terminal.flush();
    terminal.flush();
    expect(written).toEqual(['one\ntwo\n', 'three\n']);
  });
});
