import { z } from 'zod';
import type { Channel } from './leg.ts';

/** Digits of E.164, without `+`. */
const number = z.string().regex(/^\d{7,15}$/, 'must be a number in E.164 format: 7 to 15 digits, no +');
const webUrl = z.url({ protocol: /^https?$/, hostname: /.*/ });
const headers = z.record(z.string(), z.unknown());

const phone = z.looseObject({
  type: z.literal('phone'),
  number,
  /** Keys pressed as soon as it is answered; `p` is a pause of 500 ms. */
  dtmfAnswer: z
    .string()
    .regex(/^[0-9*#p]+$/i, 'must have the keys 0-9, *, # and p only')
    .optional(),
  /** An NCCO for who answers, before the two are joined. */
  onAnswer: z
    .looseObject({
      url: webUrl,
      /** What the caller hears meanwhile, instead of the usual tone; under its former name, too. */
      ringbackTone: webUrl.optional(),
      ringback: webUrl.optional(),
    })
    .optional(),
});

const app = z.looseObject({ type: z.literal('app'), user: z.string().min(1) });

const WEBSOCKET_FORMATS = ['audio/l16;rate=8000', 'audio/l16;rate=16000', 'audio/l16;rate=24000'] as const;

const websocket = z.looseObject({
  type: z.literal('websocket'),
  uri: z.url({ protocol: /^wss?$/, hostname: /.*/, error: 'must be a ws or wss address' }),
  'content-type': z.enum(WEBSOCKET_FORMATS).default('audio/l16;rate=16000'),
  headers: headers.default({}),
  authorization: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('vonage') }),
      z.looseObject({ type: z.literal('custom'), value: z.string().min(1) }),
    ])
    .optional(),
});

const sip = z.looseObject({
  type: z.literal('sip'),
  uri: z.string().regex(/^sips?:\S+$/i, 'must be a sip or sips address'),
  headers: headers.optional(),
});

const vbc = z.looseObject({
  type: z.literal('vbc'),
  extension: z.union([z.string().min(1), z.int().transform(String)], 'must be an extension, as "101"'),
});

/** What can be called: the endpoints of `connect` and of `POST /v1/calls`, as Vonage documents them. */
export const endpoint = z.discriminatedUnion('type', [phone, app, websocket, sip, vbc]);

export type Endpoint = z.infer<typeof endpoint>;
export type WebsocketEndpoint = z.infer<typeof websocket>;

/** The other end of the leg that calls an endpoint. */
export function channelOf(endpoint: Endpoint): Channel {
  switch (endpoint.type) {
    case 'phone':
      return { type: 'phone', number: endpoint.number };
    case 'app':
      return { type: 'app', user: endpoint.user };
    case 'websocket':
    case 'sip':
      return { type: endpoint.type, uri: endpoint.uri };
    case 'vbc':
      return { type: 'vbc', extension: endpoint.extension };
  }
}

/** The party that a leg's events name. */
export function nameOf(channel: Channel): string {
  switch (channel.type) {
    case 'phone':
      return channel.number;
    case 'app':
      return channel.user;
    case 'websocket':
    case 'sip':
      return channel.uri;
    case 'vbc':
      return channel.extension;
  }
}
