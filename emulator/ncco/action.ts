import type { z } from 'zod';
import type { WebhookAddress } from '../account.ts';
import type { RateLimits } from '../api/rate-limit.ts';
import type { AppPages, Exchange } from '../calls/exchange.ts';
import type { EndCause, Leg } from '../calls/leg.ts';
import type { StreamLoader } from '../media/stream-loader.ts';
import type { RecordedFiles } from '../recordings/files.ts';
import type { Payload, WebhookOutcome } from '../webhooks/request.ts';
import type { KeyBuffer } from './key-buffer.ts';
import type { Programs } from './program.ts';

/** What the actions of all legs work with. */
export interface Services {
  exchange: Exchange;
  pages: AppPages;
  programs: Programs;
  streams: StreamLoader;
  files: RecordedFiles;
  limits: RateLimits;
  /** Says to the developer what is not worth saying twice. */
  sayOnce(line: string): void;
  /** The platform's own address, without a slash at the end. */
  url: string;
}

/** Where an action is carried out. */
export interface Stage {
  readonly leg: Leg;
  readonly services: Services;
  /** Aborted when the NCCO was replaced or the leg is over: the action then stops what it began, and returns. */
  readonly signal: AbortSignal;
  /**
   * Sends an event of an action, to the application's event URL without a target.
   * @returns the NCCO that the application replied with, if it did.
   */
  ask(target: WebhookAddress | undefined, payload: Payload): Promise<Action[] | undefined>;
  /** The NCCO in a reply; undefined when there is none, or it is wrong, which the application is told. */
  nccoIn(reply: WebhookOutcome | undefined): Action[] | undefined;
  /** Keys that cut a `bargeIn` text short, for the input that follows. */
  readonly keys: KeyBuffer;
}

/** What follows an action, where it is not just the next one. */
export interface Outcome {
  /** A new NCCO, which replaces the rest of this one. */
  next?: Action[];
  /** How the leg ended that this one was connected to. */
  because?: EndCause;
}

/** One action of an NCCO, read and ready to be carried out. */
export interface Action {
  /** Its name, as `talk`. */
  readonly action: string;
  /** Its fields, checked. */
  readonly settings: object;
  /** Resolves when the next action may begin. */
  run(stage: Stage): Promise<Outcome | undefined>;
}

/** One kind of action that the platform carries out. */
export interface ActionKind {
  readonly name: string;
  read(value: unknown): { ok: true; action: Action } | { ok: false; error: z.ZodError };
}

/** Defines a kind of action: how it is called, what its fields may be, what it does. */
export function defineAction<Settings extends object>(
  name: string,
  schema: z.ZodType<Settings>,
  run: (settings: Settings, stage: Stage) => Promise<Outcome | undefined>,
): ActionKind {
  return {
    name,
    read(value) {
      const parsed = schema.safeParse(value);
      if (!parsed.success) return { ok: false, error: parsed.error };
      const settings = parsed.data;
      return { ok: true, action: { action: name, settings, run: (stage) => run(settings, stage) } };
    },
  };
}

/** Resolves at once when the signal is aborted, else when it is. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
