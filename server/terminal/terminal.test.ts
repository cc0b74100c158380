import { describe, expect, it } from 'vitest';
import { parseAnswerRequest } from '../../domain/answer-request.ts';
import { recordedTerminal } from '../test-parts.ts';
import { tutorialEvents, tutorialLog } from './tutorial-call.ts';

function request(fields: Record<string, unknown>) {
  const parsed = parseAnswerRequest(fields);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

describe('the pretty log', () => {
  it('prints a call exactly as the tutorial shows it', () => {
    const { terminal, text } = recordedTerminal();
    terminal.nccoRequest(request({ from: '447700900000', to: '442038297050' }), 'answer');
    for (const event of tutorialEvents) terminal.event(event);
    expect(text()).toBe(tutorialLog);
  });

  it('says why the fallback was asked', () => {
    const { terminal, text } = recordedTerminal();
    terminal.nccoRequest(request({ from: '1000', to: '2000', reason: 'Connection timeout' }), 'fallback');
    expect(text()).toBe(
      'NCCO fallback request:\n  - caller: 1000\n  - callee: 2000\n  - reason: Connection timeout\n---\n',
    );
  });

  it('names a caller from an app by user, and nobody as unknown', () => {
    const { terminal, text } = recordedTerminal();
    terminal.nccoRequest(request({ from_user: 'Carol' }), 'answer');
    terminal.nccoRequest(request({}), 'answer');
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
    'lets no value forge a line or hide: %s',
    (_, forged) => {
      const { terminal, text } = recordedTerminal();
      terminal.nccoRequest(request({ from: `1${forged}2`, to: forged }), 'answer');
      terminal.event({ uuid: `1${forged}2`, [`key${forged}`]: forged });
      const lines = text().split('\n');
      expect(lines.filter((line) => line === '---')).toHaveLength(2);
      expect(lines.filter((line) => line === 'EVENT:')).toHaveLength(1);
      expect(text().replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    },
  );

  it('lets a value with a backslash not pass for an escape', () => {
    const { terminal, text } = recordedTerminal();
    terminal.nccoRequest(request({ from: 'a\\u000ab' }), 'answer');
    expect(text()).toContain('  - caller: a\\\\u000ab\n');
  });

  it('cuts nothing of a payload', () => {
    const { terminal, text } = recordedTerminal();
    const deep = { a: { b: { c: { d: { e: 'deepest' } } } } };
    terminal.event({
      uuid: '1',
      deep,
      long: 'x'.repeat(20_000),
      many: Array.from({ length: 300 }, (_, i) => i),
    });
    expect(text()).toContain("'deepest'");
    expect(text()).toContain('x'.repeat(20_000));
    expect(text()).toContain('299');
    expect(text()).not.toContain('more');
  });

  it('shows the lines of a fault indented, so that none passes for one of ours', () => {
    const { terminal, text } = recordedTerminal();
    terminal.warning('GET / failed: Error: a\n---\n    at there');
    expect(text()).toBe('Warning: GET / failed: Error: a\n    ---\n        at there\n');
  });

  it('uses colours where it may, and then still escapes what values hold', () => {
    const { terminal, text } = recordedTerminal('pretty', true);
    terminal.event({ uuid: '\u001b[0m\u202e' });
    expect(text()).toContain('\u001b[32m');
    expect(text()).toContain('\\x1B[0m\\u202e');
  });
});

describe('the JSON log', () => {
  it('is one object a line', () => {
    const { terminal, text } = recordedTerminal('json');
    terminal.nccoRequest(request({ from: '1000', to: '2000', uuid: 'u', reason: 'late' }), 'fallback');
    terminal.event({ uuid: 'u', text: 'a\nb\u2028\u009b\u202ec' });
    terminal.note('two\nlines');
    const lines = text().trimEnd().split('\n');
    expect(text()).not.toMatch(/[\u2028\u009b\u202e]/);
    const time = '1970-01-01T00:00:00.000Z';
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        time,
        type: 'ncco-fallback-request',
        caller: '1000',
        callee: '2000',
        uuid: 'u',
        conversation_uuid: null,
        reason: 'late',
      },
      { time, type: 'event', event: { uuid: 'u', text: 'a\nb\u2028\u009b\u202ec' } },
      { time, type: 'note', text: 'two\nlines' },
    ]);
  });
});

describe('writing', () => {
  it('happens once for all that one turn of the event loop prints, in order', async () => {
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
