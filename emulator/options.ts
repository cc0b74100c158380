import { z } from 'zod';
import type { FaultInput } from './faults/faults.ts';
import type { AccountPlan, ApplicationPlan } from './provisioning/plan.ts';
import type { ProvisioningOptions } from './provisioning/start.ts';
import type { TlsOptions } from './tls.ts';
import type { VirtualOptions } from './world.ts';

/** What a platform is to be like. */
export interface PlatformOptions extends ProvisioningOptions {
  /** TCP port; 0 takes any free one. Default 0. */
  port?: number;
  /** Whether another port must not be taken when `port` is in use. Default true. */
  portIsFixed?: boolean;
  /** Default 127.0.0.1. */
  host?: string;
  /** Suggested own number of the first phone. Default 447700900000. */
  caller?: string;
  /**
   * Whether an application may make 3 calls and 15 other requests of the Voice API a second, as with Vonage, or as
   * many as it likes; `carriers` does not count what `connect` calls without a carrier, users and websockets.
   * Default true.
   */
  limits?: boolean | 'carriers';
  /** A clock that jumps from one event to the next, and chance that a seed decides; default: the machine's own. */
  virtual?: VirtualOptions;
  /**
   * Speaks https, too, on the same port, with a certificate of an authority of its own; `platform.authority` is the file
   * that programs must trust. Default false.
   */
  tls?: boolean | TlsOptions;
  /** What goes wrong on purpose; `platform.faults` changes it later. */
  faults?: FaultInput[];
  /** One line in words about what went wrong outside the emulator. Default: nowhere. */
  log?: (line: string) => void;
}

/** A value that a schema takes, or the words for what it must be. */
const must = (words: string, schema: z.ZodType) =>
  z.custom((value) => schema.safeParse(value).success, `must be ${words}`);

/** Options by their names, all of which may be left out; others are errors. */
const options = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).partial();

const text = must('a text', z.string());
const name = must('a text of 1 character or more', z.string().min(1));
const flag = must('true or false', z.boolean());
const digits = must('a text of 3 to 15 digits', z.string().regex(/^\d{3,15}$/));
const webAddress = must('an http or https address', z.url({ protocol: /^https?$/, hostname: /.*/ }));
const list = (of: z.ZodType) => z.array(of, 'must be a list');

const secret = must(
  'a text, or a list of two: the new one and the former one',
  z.union([z.string().min(1), z.tuple([z.string().min(1), z.string().min(1)])]),
);
const webhook = must(
  'an http or https address, or an object with one as its address',
  z.union([webAddress, z.looseObject({ address: webAddress })]),
);

const applicationPlan = options({
  answerUrl: webhook,
  fallbackUrl: webhook,
  eventUrl: webhook,
  signedCallbacks: flag,
  region: text,
  numbers: list(digits),
  users: list(name),
} satisfies Record<Exclude<keyof ApplicationPlan, 'name'>, z.ZodType>).extend({ name });

const accountPlan = options({
  apiKey: name,
  apiSecret: name,
  signatureSecret: secret,
  applications: list(applicationPlan),
  numbers: list(digits),
} satisfies Record<keyof AccountPlan, z.ZodType>);

const platformOptions = options({
  port: must('a port, 0 to 65535', z.int().min(0).max(65_535)),
  portIsFixed: flag,
  host: must('a host name or an address', z.string().min(1)),
  caller: digits,
  limits: must('true, false or "carriers"', z.union([z.boolean(), z.literal('carriers')])),
  virtual: must(
    'an object with seed and start, both numbers',
    z.strictObject({ seed: z.number(), start: z.number().min(-8.64e15).max(8.64e15) }),
  ),
  tls: must(
    'true, false, or an object with the name of a file as its authority',
    z.union([z.boolean(), z.strictObject({ authority: z.string().min(1).optional() })]),
  ),
  // Read elsewhere, with words of their own.
  faults: z.unknown(),
  log: must('a function', z.function()),
  number: digits,
  answerUrl: webAddress,
  eventUrl: webAddress,
  fallbackUrl: webAddress,
  signatureSecret: secret,
  applications: list(applicationPlan),
  numbers: list(digits),
  accounts: list(accountPlan).min(1, 'must hold at least one account'),
  state: must('the name of a file', z.string().min(1)),
} satisfies Record<keyof PlatformOptions, z.ZodType>);

/** Throws an error that names each option that is wrong, what it must be, and what it is. */
export function checkOptions(given: unknown): void {
  const { error } = platformOptions.safeParse(given);
  if (error)
    throw new Error(`createPlatform: ${error.issues.map((issue) => faultIn(given, issue)).join('; ')}`);
}

function faultIn(given: unknown, issue: z.core.$ZodIssue): string {
  const place = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  const where = place.replace(/^\./, '') || 'the options';
  if (issue.code === 'unrecognized_keys') {
    return `${where} must not have ${issue.keys.map((key) => `"${key}"`).join(', ')}, which is unknown`;
  }
  const value = issue.path.reduce<unknown>((part, step) => Reflect.get(Object(part), step), given);
  const words =
    issue.code === 'invalid_type' && issue.expected === 'object' ? 'must be an object' : issue.message;
  return `${where} ${words}, not ${shown(value)}`;
}

/** A value in few characters. */
function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
