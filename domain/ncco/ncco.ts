import { z } from 'zod';

/**
 * Vonage's Call Control Objects as this server may send them, with the documented limits. Strict: what Vonage
 * would drop a call for, and what it would silently ignore, is refused here.
 */

/** Longest text of a talk action, in characters. */
export const LONGEST_TALK = 1500;

const webUrl = z.url({ protocol: /^https?$/, hostname: /.*/ });

/** Vonage wants every URL of an action in an array of one. */
const oneUrl = z.tuple([webUrl]);

/** Where an action reports to, instead of the event URL of the application. */
const report = { eventUrl: oneUrl.optional(), eventMethod: z.enum(['GET', 'POST']).optional() };

/** -1 silences, 1 is twice as loud, 0 the default. */
const level = z.number().min(-1).max(1).optional();

/** How often; 0 for ever, 1 the default. */
const loop = z.int().min(0).optional();

/** Ids of the legs that a leg can speak to or hear. */
const legs = z.array(z.string().min(1)).optional();

/** BCP 47, as Vonage writes it: `en-US`, `es-419`, `yue-CN`. */
const language = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);

const talk = z.strictObject({
  action: z.literal('talk'),
  text: z.string().min(1).max(LONGEST_TALK),
  /** en-US where absent. */
  language: language.optional(),
  /** Number of a voice of the language. */
  style: z.int().min(0).optional(),
  premium: z.boolean().optional(),
  /** Keys end it; what follows must then be an input action. */
  bargeIn: z.boolean().optional(),
  loop,
  level,
});

const stream = z.strictObject({
  action: z.literal('stream'),
  /** MP3, or WAV of 16 bits. */
  streamUrl: oneUrl,
  bargeIn: z.boolean().optional(),
  loop,
  level,
});

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
      url: webUrl,
      ringbackTone: webUrl.optional(),
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
const endpoint = z.discriminatedUnion('type', [phone, app, websocket, sip, vbc]);

const connect = z
  .strictObject({
    action: z.literal('connect'),
    /** Exactly one: ringing several takes several actions, or calls that the server creates. */
    endpoint: z.tuple([endpoint]),
    /** E.164 without `+`; what the one who is called sees. */
    from: z
      .string()
      .regex(/^[0-9]{3,15}$/)
      .optional(),
    randomFromNumber: z.boolean().optional(),
    /** The event URL may then answer a call that failed with another NCCO. */
    eventType: z.literal('synchronous').optional(),
    /** Seconds that it may ring; the platform's own default is 60. */
    timeout: z.int().min(1).max(7200).optional(),
    /** Seconds that the call may last; 7200 where absent. */
    limit: z.int().min(1).max(7200).optional(),
    machineDetection: z.enum(['continue', 'hangup']).optional(),
    advanced_machine_detection: z
      .strictObject({
        behavior: z.enum(['continue', 'hangup']).optional(),
        mode: z.enum(['default', 'detect', 'detect_beep']).optional(),
        /** Seconds. */
        beep_timeout: z.int().min(45).max(120).optional(),
      })
      .optional(),
    ringbackTone: webUrl.optional(),
    ...report,
  })
  .refine(({ from, randomFromNumber }) => from === undefined || randomFromNumber !== true, {
    path: ['from'],
    message: 'must be absent where the number is random',
  });

const record = z
  .strictObject({
    action: z.literal('record'),
    format: z.enum(['mp3', 'wav', 'ogg']).optional(),
    /** Each party in its own channel. */
    split: z.literal('conversation').optional(),
    channels: z.int().min(1).max(32).optional(),
    /** Seconds of silence that end it. */
    endOnSilence: z.number().min(3).max(10).optional(),
    endOnKey: z
      .string()
      .regex(/^[0-9*#]$/)
      .optional(),
    /** Seconds that it may last. */
    timeOut: z.int().min(3).max(7200).optional(),
    beepStart: z.boolean().optional(),
    transcription: z
      .strictObject({ language: language.optional(), sentimentAnalysis: z.boolean().optional(), ...report })
      .optional(),
    ...report,
  })
  .refine(({ channels = 1, split }) => channels === 1 || split === 'conversation', {
    path: ['split'],
    message: 'must be "conversation" for more than one channel',
  });

const conversation = z.strictObject({
  action: z.literal('conversation'),
  /** Unique in the application; up to 50 may be in one. */
  name: z.string().min(1),
  musicOnHoldUrl: oneUrl.optional(),
  startOnEnter: z.boolean().optional(),
  endOnExit: z.boolean().optional(),
  record: z.boolean().optional(),
  canSpeak: legs,
  canHear: legs,
  mute: z.boolean().optional(),
});

const input = z
  .strictObject({
    action: z.literal('input'),
    type: z
      .array(z.enum(['dtmf', 'speech']))
      .min(1)
      .refine((types) => new Set(types).size === types.length, 'must name each kind once'),
    dtmf: z
      .strictObject({
        /** Seconds without a key. */
        timeOut: z.int().min(0).max(10).optional(),
        maxDigits: z.int().min(1).max(20).optional(),
        submitOnHash: z.boolean().optional(),
      })
      .optional(),
    speech: z
      .strictObject({
        /** The leg that is listened to; the first of the conversation where absent. */
        uuid: z.tuple([z.string().min(1)]).optional(),
        language: language.optional(),
        context: z.array(z.string().min(1)).optional(),
        /** Seconds, as the next two. */
        endOnSilence: z.number().min(0.4).max(10).optional(),
        startTimeout: z.int().min(1).max(60).optional(),
        maxDuration: z.int().min(1).max(60).optional(),
        sensitivity: z.int().min(10).max(100).optional(),
        saveAudio: z.boolean().optional(),
      })
      .optional(),
    mode: z.enum(['synchronous', 'asynchronous']).optional(),
    ...report,
  })
  .refine(({ mode, dtmf }) => mode !== 'asynchronous' || dtmf === undefined, {
    path: ['dtmf'],
    message: 'must be absent where the mode is asynchronous',
  });

const notify = z.strictObject({
  action: z.literal('notify'),
  payload: z.record(z.string(), z.json()),
  eventUrl: oneUrl,
  eventMethod: report.eventMethod,
});

const wait = z.strictObject({
  action: z.literal('wait'),
  /** Seconds; 10 where absent. */
  timeout: z.number().min(0.1).max(7200).optional(),
});

const transfer = z.strictObject({
  action: z.literal('transfer'),
  conversationId: z.string().min(1),
  canSpeak: legs,
  canHear: legs,
  mute: z.boolean().optional(),
});

const action = z.discriminatedUnion('action', [
  talk,
  stream,
  connect,
  record,
  conversation,
  input,
  notify,
  wait,
  transfer,
]);

/** Checks an NCCO before it is sent. */
export const ncco = z.array(action).min(1).readonly();

/** What is to happen with a call, action after action. */
export type Ncco = z.infer<typeof ncco>;
