import { z } from 'zod';

/** Longest text of a talk action, in characters. */
export const LONGEST_TALK = 1500;

const talk = z.strictObject({
  action: z.literal('talk'),
  text: z.string().min(1).max(LONGEST_TALK),
  /** BCP 47; en-US where absent. */
  language: z.string().optional(),
});

const connect = z.strictObject({
  action: z.literal('connect'),
  /** E.164 without `+`; what the one who is called sees. */
  from: z
    .string()
    .regex(/^[0-9]{3,15}$/)
    .optional(),
  /** Seconds that it may ring; the platform's own default is 60. */
  timeout: z.int().min(1).optional(),
  eventUrl: z.tuple([z.url()]).optional(),
  endpoint: z.tuple([z.strictObject({ type: z.literal('app'), user: z.string().min(1) })]),
});

/** The part of Vonage's Call Control Object language that Switchboard speaks, with the documented limits. */
export const ncco = z
  .array(z.discriminatedUnion('action', [talk, connect]))
  .min(1)
  .readonly();

/** What is to happen with a call, action after action. */
export type Ncco = z.infer<typeof ncco>;
