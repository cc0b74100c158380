import { z } from 'zod';
import type { Leg } from '../../calls/leg.ts';
import { askApplication } from '../../ncco/ask-application.ts';
import { flag, level, loop, numeric, oneUrl, webUrl } from '../../ncco/fields.ts';
import { ncco, type VoiceParts } from './create-call.ts';

const switches = ['hangup', 'mute', 'unmute', 'earmuff', 'unearmuff'] as const;

const destination = z
  .looseObject({ type: z.literal('ncco'), ncco: ncco.optional(), url: oneUrl.optional() })
  .refine(
    ({ ncco, url }) => (ncco === undefined) !== (url === undefined),
    'must have either an ncco or a url',
  );

/** The body of `PUT /v1/calls/{uuid}`. */
export const callChange = z.discriminatedUnion(
  'action',
  [
    z.looseObject({ action: z.enum(switches) }),
    z.looseObject({ action: z.literal('transfer'), destination }),
  ],
  { error: `must be one of ${[...switches, 'transfer'].join(', ')}` },
);

/** The body of `PUT /v1/calls/{uuid}/talk`. */
export const talkRequest = z.looseObject({
  text: z.string().min(1).max(1500),
  language: z.string().min(2).max(20).optional(),
  style: numeric(z.int().min(0)).optional(),
  // Vonage's PHP SDK (4.14, NCCO\Action\Talk) writes "true" and "false".
  premium: flag.optional(),
  level,
  loop,
});

/** The body of `PUT /v1/calls/{uuid}/stream`. */
export const streamRequest = z
  .looseObject({ stream_url: oneUrl, level, loop })
  .transform(({ stream_url: streamUrl, ...settings }) => ({ streamUrl, ...settings }));

/** The body of `PUT /v1/calls/{uuid}/dtmf`. */
export const keysRequest = z.looseObject({
  // Vonage's curl snippet sends a bare number.
  digits: z
    .union([z.string(), z.int().min(0).transform(String)])
    .pipe(z.string().regex(/^[0-9*#p]+$/i, 'must have the keys 0-9, *, # and p only')),
});

/** The body of `PUT /v1/calls/{uuid}/input/dtmf`. */
export const keysSubscription = z.preprocess(
  // Vonage's PHP SDK (Voice\Client::subscribeToDtmfEventsById) names it as an NCCO does.
  (body) => (isPhpSubscription(body) ? { ...body, event_url: body.eventUrl } : body),
  // Vonage's curl snippet sends a text, the SDKs an array.
  z.looseObject({
    event_url: z.union(
      [oneUrl, webUrl.transform((url): [string] => [url])],
      'must be an array of exactly one URL',
    ),
  }),
);

function isPhpSubscription(body: unknown): body is { eventUrl: unknown } {
  return typeof body === 'object' && body !== null && 'eventUrl' in body && !('event_url' in body);
}

/** Carries out what `PUT /v1/calls/{uuid}` asks of a leg. */
export function changeCall(leg: Leg, change: z.infer<typeof callChange>, services: VoiceParts): void {
  switch (change.action) {
    case 'hangup':
      leg.finish({ cause: leg.answeredAt === undefined ? 'cancelled' : 'hung-up-there' });
      return;
    case 'mute':
    case 'unmute':
      leg.port.muted = change.action === 'mute';
      services.pages.audioSwitched(leg, 'mute');
      return;
    case 'earmuff':
    case 'unearmuff':
      leg.port.earmuffed = change.action === 'earmuff';
      services.pages.audioSwitched(leg, 'earmuff');
      return;
    case 'transfer':
      void transfer(leg, change.destination, services);
  }
}

/** A URL without an NCCO is reported to the application, and the leg continues as before. */
async function transfer(
  leg: Leg,
  { ncco, url: address }: z.infer<typeof destination>,
  { exchange, programs, url }: VoiceParts,
): Promise<void> {
  const advice = address
    ? await askApplication(leg, exchange, { answer: { address: address[0], method: 'GET' }, url })
    : undefined;
  const actions = advice?.ok ? advice.actions : ncco;
  if (actions && !leg.end) programs.of(leg).transfer(actions);
}
