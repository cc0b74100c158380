import { z } from 'zod';
import { faultList } from '../faults/faults.ts';
import { agentBehaviour, seconds } from '../headless/agents.ts';
import { HAPPENINGS } from '../headless/people.ts';
import { phoneRule } from '../headless/phone.ts';
import type { Payload } from '../webhooks/webhook.ts';

const digits = z.string().regex(/^\d{3,15}$/, 'must be 3 to 15 digits');

const eventListener = z.custom<EventListener>((value) => typeof value === 'function', {
  error: 'must be a function of a module',
});

/** One thing that a caller does, some seconds after something has happened. */
const step = z
  .strictObject({
    /** Waits for this first; each time that it happens counts for one step. */
    on: z.enum(HAPPENINGS).optional(),
    /** Seconds after that, else after the step before. */
    after: seconds.default(0),
    press: z
      .string()
      .regex(/^[0-9A-D*#]{1,32}$/, 'must be keys of a telephone')
      .optional(),
    say: z.string().min(1).max(1500).optional(),
    hangUp: z.literal(true).optional(),
  })
  .refine(({ press, say, hangUp }) => [press, say, hangUp].filter((one) => one !== undefined).length === 1, {
    error: 'takes one of "press", "say", "hangUp"',
  });

const expectedLeg = z.strictObject({
  /** The leg's events, in the order in which they were sent. */
  events: z.array(z.string()).optional(),
  /** The last of them. */
  status: z.string().optional(),
  /** Seconds that `completed` tells, or the least and the most. */
  duration: z.union([z.number(), z.tuple([z.number(), z.number()])]).optional(),
});

const call = z.strictObject({
  /** Seconds after the beginning. */
  at: z.number().min(0).max(86_400).default(0),
  /** Repeated calls come from the numbers that follow this one. */
  from: digits.default('447700900000'),
  /** Default: the application's number. */
  to: digits.optional(),
  steps: z.array(step).default([]),
  /** Repeats the call, simultaneously or at a rate per second. */
  repeat: z.int().min(1).max(100_000).default(1),
  perSecond: z.number().positive().optional(),
  /** What must come of each leg: `caller`, the others by the user's name or the number that was called. */
  expect: z.record(z.string(), expectedLeg).default({}),
});

type Ncco = Record<string, unknown>[];
/** What an answer URL is asked. */
type Question = Record<string, string>;
type Reply = Ncco | ((question: Question) => Ncco | Promise<Ncco>);
/** What an application does with an event; an NCCO that it returns is its answer. */
type EventListener = (event: Payload) => Ncco | undefined | Promise<Ncco | undefined>;

const reply = z.union([
  z.array(z.record(z.string(), z.unknown())),
  z.custom<(question: Question) => Ncco | Promise<Ncco>>((value) => typeof value === 'function', {
    error: 'must be an NCCO, or in a module a function that returns one',
  }),
]);

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().optional(),
  /** Decides all chance of a virtual run. */
  seed: z.int().default(1),
  /** When a virtual run begins, ISO 8601. */
  start: z.iso.datetime().default('2026-01-01T00:00:00.000Z'),
  /** Seconds after which whatever still goes on has failed. */
  limit: z.number().positive().default(86_400),
  /** The number to dial. */
  number: digits.optional(),
  /** A small application that the run itself plays, where no answer URL is given. */
  application: z
    .strictObject({ answer: reply, fallback: reply.optional(), event: eventListener.optional() })
    .optional(),
  /** Whether the platform refuses more than 3 calls and connects, and 15 other requests, a second, as Vonage does. */
  limits: z.union([z.boolean(), z.literal('carriers')]).default(false),
  /** What the users of the application do when they are called; they are made if need be. */
  agents: z.record(z.string().min(1), agentBehaviour).default({}),
  /** What telephones of other people do when they are called. */
  phones: z.record(digits, phoneRule).default({}),
  faults: faultList.default([]),
  calls: z.array(call).min(1),
  /** Texts, each of which must be in the reason of an error event; default: no error event is expected. */
  errors: z.array(z.string()).default([]),
});

/** A course of calls as a file has it: what has a default may be absent. */
export type Scenario = z.input<typeof schema>;
/** A scenario that was read: complete. */
export type ReadyScenario = z.output<typeof schema>;
export type CallPlan = ReadyScenario['calls'][number];
export type ExpectedLeg = z.output<typeof expectedLeg>;
export type { EventListener, Reply };

type ReadScenario = { ok: true; scenario: ReadyScenario } | { ok: false; faults: string[] };

/** Reads a scenario. Each fault names its place, as in `calls[0].steps[1].press: must be keys of a telephone`. */
export function readScenario(value: unknown): ReadScenario {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, scenario: parsed.data };
  return { ok: false, faults: parsed.error.issues.map(describe) };
}

function describe({ path, message }: z.core.$ZodIssue): string {
  const place = path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
  return `${place || 'scenario'}: ${message.replace(/^Invalid input: /, '')}`;
}

/** Marks a scenario of a TypeScript module, so that its author's editor knows the fields: `export default scenario({ … })`. */
export function scenario(given: Scenario): Scenario {
  return given;
}
