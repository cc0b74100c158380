import { z } from 'zod';
import { endpoint } from '../../calls/endpoint.ts';
import type { Leg } from '../../calls/leg.ts';
import { advancedDetection, callOut, detectionBehavior, detectionOf } from '../../calls/outbound.ts';
import type { Action, Services } from '../../ncco/action.ts';
import { askApplication } from '../../ncco/ask-application.ts';
import { flag, numeric, oneUrl } from '../../ncco/fields.ts';
import { readNcco } from '../../ncco/ncco.ts';
import type { Application, WebhookAddress } from '../../provisioning/account.ts';

/** What the Voice API works with. */
export type VoiceParts = Pick<Services, 'exchange' | 'limits' | 'pages' | 'programs' | 'url'>;

const method = z.enum(['GET', 'POST']);
const number = z.string().regex(/^\d{3,15}$/, 'must be a number in E.164 format, without +');

/** An NCCO within a request. */
export const ncco = z.array(z.unknown()).transform((value, { addIssue }): Action[] => {
  const read = readNcco(value);
  if (read.ok) return read.actions;
  addIssue({ code: 'custom', message: read.reason });
  return [];
});

/** The body of `POST /v1/calls`, with the limits and defaults that Vonage documents (Voice API 1.10). */
export const newCall = z
  .looseObject({
    to: z.tuple([endpoint], 'must hold exactly one endpoint'),
    from: z.looseObject({ type: z.literal('phone').default('phone'), number }).optional(),
    random_from_number: flag.optional(),
    ncco: ncco.optional(),
    answer_url: oneUrl.optional(),
    answer_method: method.default('GET'),
    event_url: oneUrl.optional(),
    event_method: method.default('POST'),
    machine_detection: detectionBehavior.optional(),
    advanced_machine_detection: advancedDetection.optional(),
    // Vonage's PHP SDK (Voice\Client::createOutboundCall) sends both with every call, as text.
    length_timer: numeric(z.int().min(1).max(86_400)).default(7200),
    ringing_timer: numeric(z.int().min(1).max(120)).default(60),
  })
  .superRefine((call, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (call.from && call.random_from_number)
      refuse('random_from_number', 'must not be used together with from');
    if (!call.from && !call.random_from_number) refuse('from', 'is required, or random_from_number');
    if (call.ncco && call.answer_url) refuse('ncco', 'must not be used together with answer_url');
    if (!call.ncco && !call.answer_url) refuse('answer_url', 'is required, or ncco');
  });

type NewCall = z.infer<typeof newCall>;

/** Calls the endpoint in a new conversation, and runs its NCCO after the answer. */
export function createCall(call: NewCall, application: Application, services: VoiceParts): Leg {
  const { exchange, pages } = services;
  const events: WebhookAddress | undefined = call.event_url && {
    address: call.event_url[0],
    method: call.event_method,
  };
  return callOut(
    {
      endpoint: call.to[0],
      from: call.from?.number ?? exchange.randomNumber(application) ?? null,
      conversation: exchange.openConversation(application),
      ringing: call.ringing_timer,
      limit: call.length_timer,
      detection: detectionOf(call.machine_detection, call.advanced_machine_detection),
      ...(events && { reports: { events } }),
      observer: {
        answered(leg) {
          guide(leg, call, services).catch((error: unknown) => exchange.fail(leg, error));
        },
      },
    },
    exchange,
    pages,
  );
}

/** Runs the leg's NCCO, or hangs up if there is none. */
async function guide(leg: Leg, call: NewCall, { exchange, programs, url }: VoiceParts): Promise<void> {
  await soundOf(leg);
  if (leg.end) return;
  if (call.ncco) return programs.of(leg).run(call.ncco);
  const { fallback } = leg.application.webhooks;
  const advice = await askApplication(leg, exchange, {
    ...(call.answer_url && { answer: { address: call.answer_url[0], method: call.answer_method } }),
    ...(fallback && { fallback }),
    url,
  });
  if (advice.ok) programs.of(leg).run(advice.actions);
  else leg.finish({ cause: 'hung-up-there', because: 'application-error', text: advice.reason });
}

/** Resolves when the leg can hear, or immediately if it never will, so that nobody misses the first words. */
function soundOf(leg: Leg): Promise<void> {
  if (leg.end || leg.peer?.state !== 'connecting') return Promise.resolve();
  return new Promise((resolve) => {
    leg.observe({
      media(_leg, state) {
        if (state !== 'connecting') resolve();
      },
      ended: () => resolve(),
    });
  });
}
