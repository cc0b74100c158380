import { z } from 'zod';
import type { Application, OwnNumber, Webhook } from './account.ts';

/** Treats empty strings from Vonage as absent. */
const text = z
  .string()
  .transform((value) => (value === '' ? undefined : value))
  .optional();
const webhook = z.looseObject({ address: z.string().min(1), httpMethod: z.string().optional() });
const application = z.looseObject({
  id: z.string(),
  name: z.string(),
  keys: z.looseObject({ publicKey: text }).nullish(),
  capabilities: z
    .looseObject({
      voice: z
        .looseObject({
          webhooks: z
            .looseObject({
              answerUrl: webhook.optional().catch(undefined),
              eventUrl: webhook.optional().catch(undefined),
              fallbackAnswerUrl: webhook.optional().catch(undefined),
            })
            .nullish(),
          signedCallbacks: z.boolean().nullish(),
          region: z.string().nullish(),
        })
        .nullish(),
      rtc: z.looseObject({}).nullish(),
    })
    .nullish(),
});

/** Parses an application from the SDK. Throws if it is invalid. */
export function applicationFrom(given: unknown): Application {
  const { id, name, keys, capabilities } = application.parse(given);
  const voice = capabilities?.voice;
  const { answerUrl, eventUrl, fallbackAnswerUrl } = voice?.webhooks ?? {};
  return {
    id,
    name,
    publicKey: keys?.publicKey,
    webhooks: {
      ...(answerUrl && { answer: webhookFrom(answerUrl, 'GET') }),
      ...(eventUrl && { event: webhookFrom(eventUrl, 'POST') }),
      ...(fallbackAnswerUrl && { fallback: webhookFrom(fallbackAnswerUrl, 'GET') }),
    },
    hasRtc: capabilities?.rtc != null,
    // Vonage signs by default.
    signsCallbacks: voice?.signedCallbacks ?? true,
    region: voice?.region ?? undefined,
  };
}

function webhookFrom({ address, httpMethod }: z.infer<typeof webhook>, usual: Webhook['method']): Webhook {
  const method = httpMethod?.toUpperCase();
  return { address, method: method === 'GET' || method === 'POST' ? method : usual };
}

const features = z
  .array(z.string())
  .optional()
  .transform((list) => list?.includes('VOICE') ?? false);

/** Parses a number of the account from the SDK. */
export const ownNumber = z
  .looseObject({
    country: z.string(),
    msisdn: z.string(),
    features,
    app_id: text,
    voiceCallbackType: text,
    voiceCallbackValue: text,
    moHttpUrl: text,
    voiceStatusCallback: text,
  })
  .transform((given): OwnNumber => {
    const { country, msisdn, moHttpUrl, voiceStatusCallback } = given;
    const { voiceCallbackType: type, voiceCallbackValue: value } = given;
    return {
      country,
      msisdn,
      hasVoice: given.features,
      applicationId: given.app_id ?? (type === 'app' ? value : undefined),
      forwardsTo:
        type !== undefined && type !== 'app' && value !== undefined ? `${type} ${value}` : undefined,
      moHttpUrl,
      voiceStatusCallback,
    };
  });

/** Parses an available number from the SDK. */
export const offer = z
  .looseObject({
    country: z.string(),
    msisdn: z.string(),
    type: z.string().default('number'),
    cost: z.string().default('an unknown price'),
    features,
  })
  .transform(({ country, msisdn, type, cost, features: hasVoice }) => ({
    country,
    msisdn,
    type,
    cost,
    hasVoice,
  }));
