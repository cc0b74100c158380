import { beforeEach, describe, expect, it } from 'vitest';
import { signWebhook } from '../webhooks/compose.ts';
import type { AttemptEnd, WebhookAttempt, WebhookClient } from '../webhooks/request.ts';
import type { Entry } from './entry.ts';
import type { TrafficLog } from './log.ts';
import { createTrafficLog } from './log.ts';
import type { WebhookRecorder } from './record-webhooks.ts';
import { recordWebhooks } from './record-webhooks.ts';

const NOW = 1_800_000_000_000;
const CALL = 'CON-00000000-0000-4000-8000-000000000001';
const identity = { apiKey: 'key', applicationId: 'app', signatureSecret: 'secret' };
const target = { address: 'http://localhost:3000/event', method: 'POST' } as const;

let log: TrafficLog;
let recorder: WebhookRecorder;

beforeEach(() => {
  log = createTrafficLog({ stopwatch: () => 0, newEpoch: () => 'epoch' });
  recorder = recordWebhooks({ log, now: () => NOW, nccoFault: () => undefined });
});

function attemptOf(payload: Record<string, unknown>, changes: Partial<WebhookAttempt> = {}): WebhookAttempt {
  const body = JSON.stringify(payload);
  const headers = { authorization: `Bearer ${signWebhook(body, identity, NOW)}` };
  return { target, payload, identity, attempt: 1, url: target.address, headers, body, ...changes };
}

const ringing = { status: 'ringing', uuid: 'leg', conversation_uuid: CALL };
const answered: AttemptEnd = { status: 200, headers: { 'set-cookie': ['a=1', 'b=2'] }, body: '{}' };

function newest(): Entry {
  const [entry] = log.entries();
  if (!entry) throw new Error('The log is empty.');
  return entry;
}

describe('a webhook in the log', () => {
  it('has its purpose, its call and what was signed', () => {
    recorder.observe(attemptOf(ringing))(answered);
    const entry = newest();
    expect(entry).toMatchObject({
      direction: 'out',
      kind: 'event',
      what: 'ringing',
      method: 'POST',
      call: CALL,
      leg: 'leg',
      application: 'app',
      status: 200,
      startedAt: NOW,
      request: { headers: [['authorization', 'Bearer •••']], body: { text: JSON.stringify(ringing) } },
      response: {
        headers: [
          ['set-cookie', '•••'],
          ['set-cookie', '•••'],
        ],
        body: { text: '{}' },
      },
      hint: null,
    });
    if (entry.proof.type !== 'token') throw new Error('There is no token.');
    expect(entry.proof.hash?.actual).toBe(entry.proof.hash?.claimed);
  });

  it('has the hash of its query if it is a GET', () => {
    const url = 'http://localhost:3000/answer?mine=1&from=447700900000&region_url=x';
    const query = { mine: '1', from: '447700900000', region_url: 'x' };
    const headers = { authorization: `Bearer ${signWebhook(JSON.stringify(query), identity, NOW)}` };
    recorder.observe(attemptOf({ endpoint_type: 'phone' }, { url, headers, body: undefined }));
    const { kind, proof } = newest();
    expect(kind).toBe('answer');
    if (proof.type !== 'token') throw new Error('There is no token.');
    expect(proof.hash?.actual).toBe(proof.hash?.claimed);
  });

  it('says why it was not answered and what to do', () => {
    const error = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    recorder.observe(attemptOf(ringing))({ error, reason: 'refused the connection' });
    expect(newest()).toMatchObject({
      status: null,
      error: 'refused the connection',
      hint: { code: 'refused', values: { port: '3000' } },
    });
  });

  it('finds the cause of an error without a code', () => {
    const cause = Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    recorder.observe(attemptOf(ringing))({ error: new Error('failed', { cause }), reason: 'failed' });
    expect(newest().hint?.code).toBe('certificate');
  });

  it('repeats the error that it reports', () => {
    recorder.observe(attemptOf({ reason: 'NCCO[0]: no' }))(answered);
    expect(newest().hint?.text).toContain('NCCO[0]: no');
  });

  it('may be unsigned', () => {
    recorder.observe(attemptOf(ringing, { headers: {} }))(answered);
    expect(newest().proof).toEqual({ type: 'none' });
  });
});

describe('sending again', () => {
  /** A client that sends nothing and gets an immediate answer. */
  function fakeClient() {
    const sent: Parameters<WebhookClient['send']>[] = [];
    const client: WebhookClient = {
      async send(...args) {
        sent.push(args);
        const [to, payload, as, , { repeats } = {}] = args;
        const attempt = attemptOf(payload, { target: to, identity: as });
        recorder.observe(repeats === undefined ? attempt : { ...attempt, repeats })(answered);
        return { ok: true, status: 200, contentType: '', body: '' };
      },
      close: async () => {},
    };
    return { sent, client };
  }

  it('sends the same once, signed by the current application, as a new entry', async () => {
    recorder.observe(attemptOf(ringing))(answered);
    const { sent, client } = fakeClient();
    const renewed = { ...identity, signatureSecret: 'new' };
    const again = await recorder.resend(1, client, () => renewed);
    expect(again).toMatchObject({ id: 2, repeats: 1, what: 'ringing', status: 200 });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject([target, ringing, renewed, { attempts: 1 }, { repeats: 1 }]);
    expect(await recorder.resend(2, client, () => renewed)).toMatchObject({ id: 3, repeats: 2 });
  });

  it('is rejected for what was never sent, and for a deleted application', async () => {
    const { client, sent } = fakeClient();
    expect(await recorder.resend(1, client, () => identity)).toBeUndefined();
    recorder.observe(attemptOf(ringing))(answered);
    expect(await recorder.resend(1, client, () => undefined)).toBeUndefined();
    expect(sent).toEqual([]);
  });
});
