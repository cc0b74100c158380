// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { askMicrophone } from './microphone.ts';

const failing = (name: string) => ({
  getUserMedia: () => Promise.reject(new DOMException('no microphone', name)),
});

describe('askMicrophone', () => {
  it('returns the stream', async () => {
    const stream = new MediaStream();
    expect(await askMicrophone({ getUserMedia: async () => stream })).toEqual({ ok: true, stream });
  });

  it.each([
    ['NotAllowedError', 'refused'],
    ['SecurityError', 'refused'],
    ['NotFoundError', 'none'],
    ['OverconstrainedError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
  ])('treats %s as %s', async (name, fault) => {
    expect(await askMicrophone(failing(name))).toEqual({ ok: false, fault });
  });

  it('calls a page without media devices insecure', async () => {
    expect(await askMicrophone(undefined)).toEqual({ ok: false, fault: 'insecure' });
  });
});
