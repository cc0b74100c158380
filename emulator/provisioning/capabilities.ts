import { z } from 'zod';

/** A webhook address as an application holds it. */
export interface WebhookAddress {
  address: string;
  method: 'GET' | 'POST';
  /** Milliseconds that a connection may take. Default: the platform's own limit. */
  connectTimeout?: number;
  /** Milliseconds that an answer may take. Default: the platform's own limit. */
  socketTimeout?: number;
}

/** The voice webhooks of an application. */
export interface Webhooks {
  answer?: WebhookAddress;
  fallback?: WebhookAddress;
  event?: WebhookAddress;
}

const address = z.url({ protocol: /^https?$/, hostname: /.*/, error: 'must be an http or https address' });

const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `must be one of: ${values.join(', ')}`);

/** Milliseconds, as the Application API has them: connect 300 to 1000, and from 1000 for the answer. */
function webhook(longestAnswer: number) {
  const within = (least: number, most: number) => {
    const words = `must be ${least} to ${most}`;
    return z.number(words).int(words).min(least, words).max(most, words).exactOptional();
  };
  return z
    .looseObject({
      address,
      http_method: oneOf('GET', 'POST').exactOptional(),
      // The API's documentation and some of the SDKs disagree on the name.
      connect_timeout: within(300, 1000),
      connection_timeout: within(300, 1000),
      socket_timeout: within(1000, longestAnswer),
    })
    .exactOptional();
}

const REGIONS: [Region, ...Region[]] = [
  'na-east',
  'na-west',
  'eu-west',
  'eu-east',
  'apac-sng',
  'apac-australia',
];

const voice = z.looseObject({
  webhooks: z
    .looseObject({
      answer_url: webhook(5000),
      fallback_answer_url: webhook(5000),
      event_url: webhook(10_000),
    })
    .exactOptional(),
  signed_callbacks: z.boolean('must be true or false').exactOptional(),
  region: z.enum(REGIONS, `must be one of: ${REGIONS.join(', ')}`).exactOptional(),
});

/** An application's capabilities, as the Application API has them. Only voice is looked at; the rest is kept. */
export const capabilities = z.looseObject({
  voice: voice.exactOptional(),
  rtc: z.looseObject({}).exactOptional(),
});

export type Capabilities = z.infer<typeof capabilities>;

type Webhook = NonNullable<NonNullable<z.infer<typeof voice>['webhooks']>['answer_url']>;

/** Where the voice webhooks go: an answer URL is asked by GET and events are sent by POST, unless told otherwise. */
export function webhooksOf({ voice }: Capabilities): Webhooks {
  const { answer_url, fallback_answer_url, event_url } = voice?.webhooks ?? {};
  return {
    ...(answer_url && { answer: addressOf(answer_url, 'GET') }),
    ...(fallback_answer_url && { fallback: addressOf(fallback_answer_url, 'GET') }),
    ...(event_url && { event: addressOf(event_url, 'POST') }),
  };
}

/**
 * The capabilities as the Application API shows them: with what is usual where nothing was said (Application API 2,
 * OpenAPI). `connect_timeout` is what Vonage's newer SDKs call it.
 */
export function withDefaults({ voice, ...others }: Capabilities): Capabilities {
  if (!voice) return others;
  const { webhooks = {}, ...settings } = voice;
  const { answer_url, fallback_answer_url, event_url, ...further } = webhooks;
  const shown = (webhook: Webhook, method: WebhookAddress['method'], answer: number): Webhook => ({
    http_method: method,
    ...(webhook.connection_timeout === undefined && { connect_timeout: 1000 }),
    socket_timeout: answer,
    ...webhook,
  });
  return {
    ...others,
    voice: {
      webhooks: {
        ...(answer_url && { answer_url: shown(answer_url, 'GET', 5000) }),
        ...(fallback_answer_url && { fallback_answer_url: shown(fallback_answer_url, 'GET', 5000) }),
        ...(event_url && { event_url: shown(event_url, 'POST', 10_000) }),
        ...further,
      },
      signed_callbacks: true,
      ...settings,
    },
  };
}

/** Whether the voice webhooks are signed: unless the application says no. */
export function signsCallbacks({ voice }: Capabilities): boolean {
  return voice?.signed_callbacks ?? true;
}

function addressOf(webhook: Webhook, method: WebhookAddress['method']): WebhookAddress {
  const connectTimeout = webhook.connect_timeout ?? webhook.connection_timeout;
  const { socket_timeout: socketTimeout } = webhook;
  return {
    address: webhook.address,
    method: webhook.http_method ?? method,
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(socketTimeout !== undefined && { socketTimeout }),
  };
}

/** The regions of an application, with their host names (Voice API, regional endpoints). */
export const REGION_HOSTS = {
  'na-east': 'api-us-3',
  'na-west': 'api-us-4',
  'eu-west': 'api-eu-3',
  'eu-east': 'api-eu-4',
  'apac-sng': 'api-ap-3',
  'apac-australia': 'api-ap-4',
} as const;

export type Region = keyof typeof REGION_HOSTS;

/**
 * Base address for the control of an application's calls, without a slash at the end. A region is a path here, for
 * want of hosts; calls of an application without a region are everywhere.
 * @param url the platform's own address.
 */
export function regionUrl({ region }: { region?: Region | undefined }, url: string): string {
  return region === undefined ? url : `${url}/${REGION_HOSTS[region]}`;
}
