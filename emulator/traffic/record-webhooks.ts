import type { SigningIdentity } from '../provisioning/account.ts';
import type { AttemptEnd, WebhookAttempt, WebhookClient, WebhookObserver } from '../webhooks/request.ts';
import { ANSWER_PATIENCE, EVENT_PATIENCE, type Payload } from '../webhooks/webhook.ts';
import { bodyOf } from './body.ts';
import type { Entry, Headers } from './entry.ts';
import { type AnsweredWebhook, hint, hintOfAnswer, hintOfError } from './hint.ts';
import type { Ending, TrafficLog } from './log.ts';
import { purposeOfWebhook } from './purpose.ts';
import { redactHeaders, redactUrl } from './redact.ts';
import { proofOfWebhook } from './token.ts';

export interface WebhookRecorder {
  /** To be given to the webhook client. */
  observe: WebhookObserver;
  /**
   * Sends a webhook of the log again, with a new signature, once and to the same address. Resolves with its new entry when
   * it is answered or given up; undefined when the entry is no webhook that this platform sent.
   */
  resend(
    id: number,
    client: WebhookClient,
    identityOf: (application: string) => SigningIdentity | undefined,
  ): Promise<Entry | undefined>;
}

interface WebhookRecorderOptions {
  log: TrafficLog;
  /** Milliseconds since 1970. */
  now: () => number;
  nccoFault: AnsweredWebhook['nccoFault'];
}

/** Writes each attempt of a webhook into the log, and sends it again on demand. */
export function recordWebhooks({ log, now, nccoFault }: WebhookRecorderOptions): WebhookRecorder {
  /** What was sent, to send it again; forgotten with its entry. */
  const sent = new WeakMap<Entry, WebhookAttempt>();
  const latest = new WeakMap<Payload, Entry>();

  return {
    observe(attempt) {
      const { target, payload, identity, url, headers, body, repeats } = attempt;
      const purpose = purposeOfWebhook(payload);
      const signed = body ?? JSON.stringify(Object.fromEntries(URL.parse(url)?.searchParams ?? []));
      const { entry, elapsed, end } = log.begin({
        direction: 'out',
        ...purpose,
        method: target.method,
        url: redactUrl(url),
        startedAt: now(),
        call: textOf(payload.conversation_uuid) ?? textOf(payload.conversation_uuid_to),
        leg: textOf(payload.uuid) ?? textOf(payload.call_uuid),
        application: identity.applicationId,
        attempt: attempt.attempt,
        repeats: repeats ?? null,
        repeatable: true,
        hint: purpose.what === 'error' ? hint('reported', { reason: textOf(payload.reason) ?? '' }) : null,
        request: {
          headers: redactHeaders(Object.entries(headers)),
          body: body === undefined ? null : bodyOf(body),
        },
        proof: proofOfWebhook(headers.authorization, signed),
      });
      sent.set(entry, attempt);
      latest.set(payload, entry);
      return (how) => end(endingOf(how, entry, url, elapsed(), nccoFault));
    },

    async resend(id, client, identityOf) {
      const entry = log.get(id);
      const original = entry && sent.get(entry);
      const identity = original && identityOf(original.identity.applicationId);
      if (!entry || !original || !identity) return undefined;
      const payload = { ...original.payload };
      const patience = entry.kind === 'event' ? EVENT_PATIENCE : ANSWER_PATIENCE;
      await client.send(original.target, payload, identity, { ...patience, attempts: 1 }, { repeats: id });
      return latest.get(payload);
    },
  };
}

function endingOf(
  how: AttemptEnd,
  entry: Entry,
  url: string,
  took: number,
  nccoFault: AnsweredWebhook['nccoFault'],
): Ending {
  if ('error' in how) {
    const error = how.reason;
    return { error, hint: hintOfError(url, codeOf(how.error), error) };
  }
  const { status, headers, body } = how;
  const contentType = String(headers['content-type'] ?? '');
  const advice = hintOfAnswer({
    kind: entry.kind,
    method: entry.method,
    url,
    status,
    contentType,
    location: String(headers.location ?? ''),
    body,
    took,
    nccoFault,
  });
  return {
    status,
    response: { headers: redactHeaders(listed(headers)), body: body === '' ? null : bodyOf(body) },
    hint: advice ?? entry.hint,
  };
}

/** Headers that came several times are listed several times. */
function listed(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => [name, one] as const),
  );
}

/** The code of an error, or the name of one that has none, or of its class; of several errors the first that has one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.cause instanceof Error) return codeOf(error.cause);
  return error.name === 'Error' ? error.constructor.name : error.name;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
