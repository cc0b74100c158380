import { z } from 'zod';
import type { World } from '../world.ts';

/** What goes wrong on purpose, now; may be changed at any time. */
export interface Faults {
  /** Replaces all earlier ones, and starts their counts again. */
  set(faults: readonly Fault[]): void;
  list(): readonly Fault[];
  /** How often each fault of the list has struck. */
  struck(): readonly number[];
  /**
   * Whether one of these faults strikes now, and which: the first of those that are meant.
   * @param isMeant whether a fault's filter lets it strike here.
   * @param what is struck, in words: its chance is its own then, and not that of whatever is struck as the n-th.
   */
  strike<Name extends FaultName>(
    name: Name,
    isMeant?: (fault: FaultOf<Name>) => boolean,
    what?: string,
  ): FaultOf<Name> | undefined;
}

interface Active {
  fault: Fault;
  /** How often it could have struck, and how often it did. */
  met: number;
  struck: number;
}

/** Keeps the faults and decides, by the world's chance, when each strikes. */
export function createFaults(world: World, initial: readonly Fault[] = []): Faults {
  let active: Active[] = [];

  function strikes(one: Active, what: string | undefined): boolean {
    const { chance, every, times } = one.fault;
    one.met += 1;
    if (times !== undefined && one.struck >= times) return false;
    if (every !== undefined && one.met % every !== 0) return false;
    if (chance !== undefined) {
      const luck = world.chanceOf(`fault ${active.indexOf(one)} of ${what ?? one.met}`);
      if (luck >= chance) return false;
    }
    one.struck += 1;
    return true;
  }

  const faults: Faults = {
    set(given) {
      active = given.map((fault) => ({ fault, met: 0, struck: 0 }));
    },
    list: () => active.map(({ fault }) => fault),
    struck: () => active.map(({ struck }) => struck),
    strike(name, isMeant = () => true, what) {
      for (const one of active) {
        const { fault } = one;
        if (isCalled(fault, name) && isMeant(fault) && strikes(one, what)) return fault;
      }
      return undefined;
    },
  };
  faults.set(initial);
  return faults;
}

function isCalled<Name extends FaultName>(fault: Fault, name: Name): fault is FaultOf<Name> {
  return fault.fault === name;
}

/** When a fault strikes its targets. Default: always. */
const how = {
  /** Probability, 0 to 1. */
  chance: z.number().min(0).max(1).optional(),
  /** Strikes the n-th, the 2n-th, and so on. */
  every: z.int().min(1).optional(),
  /** Strikes so often at most. */
  times: z.int().min(1).optional(),
};

/** How the paths of Vonage's own REST APIs begin; not the Client SDK's, nor the emulator's. */
const REST_PATHS = ['/v1', '/v2/applications', '/account', '/number'];

/** Whether a request to a path is one of Vonage's REST APIs. */
export function isRest(path: string): boolean {
  return REST_PATHS.some((start) => path.startsWith(start) && !/^\w/.test(path.slice(start.length)));
}

/** Whether a path, which may be the beginning of others, has REST requests. */
function mayBeRest(path: string): boolean {
  return isRest(path) || REST_PATHS.some((start) => start.startsWith(path) && path.startsWith('/'));
}

const ms = z.number().min(0).max(3_600_000);
const webhook = {
  ...how,
  /** What the webhook is: `answer`, `fallback`, `event` (any event), a status such as `completed`, or a kind such as `input`. */
  webhook: z.string().min(1).optional(),
  /** A number or a user's name that the webhook has in `from` or `to`. */
  number: z.string().min(1).optional(),
};
const rest = {
  ...how,
  /** How the path of the request begins, such as `/v1/calls`. */
  path: z
    .string()
    .refine(mayBeRest, {
      error: (issue) =>
        `no REST request goes to ${String(issue.input)}; expected ${REST_PATHS.join(', ')} or below`,
    })
    .optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
};

const schema = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('drop'), ...webhook }),
  z.strictObject({ fault: z.literal('duplicate'), ...webhook }),
  z.strictObject({ fault: z.literal('delay'), ...webhook, ms: ms.default(500) }),
  z.strictObject({ fault: z.literal('reorder'), ...webhook }),
  z.strictObject({ fault: z.literal('slow'), ...webhook, ms: ms.default(1000) }),
  z.strictObject({ fault: z.literal('rest-error'), ...rest, status: z.int().min(500).max(599).default(503) }),
  z.strictObject({ fault: z.literal('rate-limit'), ...rest }),
  z.strictObject({
    fault: z.literal('rest-lost'),
    ...rest,
    /** What the body of the request has as `action`, such as `transfer`. */
    action: z.string().min(1).optional(),
    /** Sent in place of the answer; default: the connection breaks. */
    status: z.int().min(500).max(599).optional(),
  }),
  z.strictObject({ fault: z.literal('socket-cut'), ...how, user: z.string().min(1).optional() }),
  z.strictObject({ fault: z.literal('media-loss'), ...how, number: z.string().min(1).optional() }),
]);

/**
 * Something that goes wrong on purpose:
 * - `drop`: a webhook is never sent
 * - `duplicate`: a webhook is sent a second time, once the first was answered
 * - `delay`: a webhook leaves `ms` late
 * - `reorder`: an event leaves after the one that follows it in its call; never one whose answer the call waits for
 * - `slow`: the application's answer takes `ms` to arrive
 * - `rest-error`, `rate-limit`: a REST request is answered 5xx, or 429
 * - `rest-lost`: a REST request is carried out, but its answer is lost
 * - `socket-cut`: the socket of a page of the Client SDK breaks when it is to be told something
 * - `media-loss`: a frame of 10 ms of sound is lost
 */
export type Fault = z.output<typeof schema>;
/** A fault as it is written down: what has a default may be absent. */
export type FaultInput = z.input<typeof schema>;
type FaultName = Fault['fault'];
type FaultOf<Name extends FaultName> = Extract<Fault, { fault: Name }>;

/** A list of faults, checked; an issue says at which place and what is wrong. */
export const faultList = z.array(
  schema.refine((fault) => fault.chance === undefined || fault.every === undefined, {
    error: 'takes "chance" or "every", not both',
  }),
);

type ReadFaults = { ok: true; faults: Fault[] } | { ok: false; reason: string };

/** Reads a list of faults. The reason of a refusal names the place, as in `[1].chance: …`. */
export function readFaults(value: unknown): ReadFaults {
  const parsed = faultList.safeParse(value);
  if (parsed.success) return { ok: true, faults: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  const known = schema.options.map((option) => option.shape.fault.value).join(', ');
  const message = issue?.code === 'invalid_union' ? `unknown fault; expected ${known}` : issue?.message;
  return { ok: false, reason: `${path || 'faults'}: ${message ?? 'is wrong'}` };
}

/** The faults, checked. Throws an error that names the place of what is wrong. */
export function checkedFaults(value: unknown): Fault[] {
  const read = readFaults(value);
  if (!read.ok) throw new Error(`Faults: ${read.reason}`);
  return read.faults;
}

/**
 * Reads a fault as the command line has it: `drop,webhook=completed,every=3`.
 * A value that is a number is read as one, except where a text is asked for.
 */
export function readFaultOption(text: string): ReadFaults {
  const [fault, ...settings] = text.split(',');
  const entries = settings.map((setting) => {
    const [name = '', ...value] = setting.split('=');
    return [name, asValue(name, value.join('='))];
  });
  const read = readFaults([{ fault, ...Object.fromEntries(entries) }]);
  if (read.ok) return read;
  return { ok: false, reason: `--fault ${text}: ${read.reason.replace(/^\[0\]\.?/, '')}` };
}

const TEXTS = new Set(['webhook', 'number', 'path', 'user', 'method', 'action']);

function asValue(name: string, text: string): string | number {
  return TEXTS.has(name) || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
