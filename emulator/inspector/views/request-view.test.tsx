// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../traffic/body.ts';
import { hint } from '../../traffic/hint.ts';
import { fakeEntry } from '../../traffic/testing.ts';
import { setScene } from './fake-page.tsx';

const scene = setScene();
const { button, find, open, press, rowsAre, selected, show, textOf } = scene;
const call = 'CON-00000000-0000-4000-8000-00000000abcd';
const NCCO = JSON.stringify([{ action: 'talk', text: 'Please wait', language: 'en-GB' }]);

describe('one request', () => {
  it('shows request and response', async () => {
    await open(
      fakeEntry({
        kind: 'answer',
        what: 'NCCO',
        method: 'GET',
        url: 'http://localhost:3000/voice/answer?from=447700900000',
        request: { headers: [['user-agent', 'Vonage']], body: null },
        response: { headers: [], body: bodyOf(NCCO) },
      }),
    );
    expect(textOf('.whole h2')).toBe('NCCO 200');
    expect(textOf('.whole-address')).toBe('GET http://localhost:3000/voice/answer');
    expect(textOf('[aria-label="Parameters"]')).toBe('from447700900000');
    expect(textOf('.headers')).toBe('1 headeruser-agentVonage');
    expect(textOf('.ncco li')).toBe('talk Please wait language en-GB');
    expect(find('.body pre')?.textContent).toBe(JSON.stringify(JSON.parse(NCCO), null, 2));
  });

  it('says what to change', async () => {
    await open(fakeEntry({ status: 500, hint: hint('server-failed', { status: '500' }) }));
    expect(textOf('.hint')).toBe('What to change: Your server failed (500). Check its log.');
  });

  it('says that there was no answer and why', async () => {
    await open(fakeEntry({ status: null, response: null, error: 'connection refused' }));
    expect(textOf('.whole h2')).toBe('ringing no answer');
    expect(textOf('.exchange')).toContain('No answer: connection refused.');
  });

  it.each([
    ['right', 'abc', 'The payload hash matches'],
    ['wrong', 'xyz', 'The payload hash does not match'],
  ])('shows that a payload hash is %s', async (_, actual, words) => {
    const claims = { iat: 1_767_322_800, payload_hash: 'abc' };
    await open(
      fakeEntry({
        proof: { type: 'token', header: {}, claims, fault: null, hash: { claimed: 'abc', actual } },
      }),
    );
    expect(textOf('.verdict')).toContain(words);
    expect(textOf('[aria-label="Claims"]')).toContain('1767322800 (2026-01-02T03:00:00.000Z)');
  });

  it('says what is wrong with a token', async () => {
    await open(
      fakeEntry({
        direction: 'in',
        proof: { type: 'token', header: {}, claims: {}, fault: 'wrong-key', hash: null },
      }),
    );
    expect(textOf('.verdict')).toBe('The token was rejected: signed with another key.');
  });

  it('can be sent again, and shows the result', async () => {
    await open(fakeEntry({ id: 1 }));
    button('Send again').click();
    await vi.waitFor(() => expect(textOf('[role="status"]')).toBe('Sent again: 200 after 7.0 ms.'));
    await vi.waitFor(() => expect(selected()).toBe('2'));
    await vi.waitFor(() => expect(textOf('.whole-kind')).toContain('#2 · repeats #1'));
  });

  it('cannot be sent again if that is impossible', async () => {
    await open(fakeEntry({ direction: 'in', repeatable: false }));
    expect(() => button('Send again')).toThrow();
    press('r');
    expect(scene.platform.asked).not.toContain('resend 1');
  });

  it('can be copied as curl', async () => {
    await open(fakeEntry({ request: { headers: [['authorization', 'Bearer •••']], body: null } }));
    press('c');
    expect(scene.copied[0]).toMatch(/^curl -X POST /);
    await vi.waitFor(() => expect(textOf('[role="status"]')).toContain('set: TOKEN.'));
  });

  it('can filter by its call, and Escape goes back', async () => {
    show([fakeEntry({ id: 2, call }), fakeEntry({ id: 1, call: null })]);
    await rowsAre(2);
    press('j');
    await vi.waitFor(() => button('Only this call').click());
    await rowsAre(1);
    expect(button('Show all calls (Call abcd)')).toBeDefined();
    press('Escape');
    await rowsAre(2);
  });
});
