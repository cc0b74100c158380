import { z } from 'zod';

/** What `connect` can reach. */

const headers = z.record(z.string(), z.string()).optional();

const phone = z.strictObject({
  type: z.literal('phone'),
  /** E.164 without `+`. */
  number: z.string().regex(/^[1-9][0-9]{6,14}$/),
  /** Keys that are pressed when it answers; `p` pauses for half a second. */
  dtmfAnswer: z
    .string()
    .regex(/^[0-9*#p]+$/)
    .optional(),
  /** What the one who answers hears before both are joined. */
  onAnswer: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, hostname: /.*/ }),
      ringbackTone: z.url({ protocol: /^https?$/, hostname: /.*/ }).optional(),
    })
    .optional(),
});

const app = z.strictObject({ type: z.literal('app'), user: z.string().min(1) });

const websocket = z.strictObject({
  type: z.literal('websocket'),
  uri: z.url({ protocol: /^wss?$/, hostname: /.*/ }),
  'content-type': z.enum(['audio/l16;rate=8000', 'audio/l16;rate=16000', 'audio/l16;rate=24000']),
  headers,
});

const sip = z.strictObject({
  type: z.literal('sip'),
  uri: z.string().regex(/^sips?:[^\s]+$/),
  headers,
});

/** A colleague of Vonage Business Communications. */
const vbc = z.strictObject({ type: z.literal('vbc'), extension: z.string().regex(/^[0-9]+$/) });

/** One party that a call can be connected to. */
export const endpoint = z.discriminatedUnion('type', [phone, app, websocket, sip, vbc]);
