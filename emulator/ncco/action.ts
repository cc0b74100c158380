import type { z } from 'zod';
import type { AppPages, Exchange } from '../calls/exchange.ts';
import type { Leg } from '../calls/leg.ts';
import type { EndCause } from '../calls/leg-end.ts';
import type { RateLimits } from '../calls/rate-limit.ts';
import type { AudioEncoder } from '../media/audio-encoder.ts';
import type { StreamLoader } from '../media/stream-loader.ts';
import type { WebhookAddress } from '../provisioning/account.ts';
import type { RecordedFiles } from '../recordings/files.ts';
import type { Payload, WebhookOutcome } from '../webhooks/webhook.ts';
import type { KeyBuffer } from './key-buffer.ts';

/** What a leg is doing, and the ways to change it from outside. */
export interface LegControl {
  /**
   * Carries out an NCCO, in place of the one that runs. The leg is hung up when it is done.
   * Also for a leg without one, such as the called end of a `connect`.
   */
  run(actions: Action[]): void;
  /** Moves the leg alone into a new conversation, says so by a `transfer` event, and runs the NCCO there. */
  transfer(actions: Action[]): void;
  /** Speaks to the leg, whatever else it is doing; an earlier text ends. */
  startTalk(talk: TalkSettings): void;
  /** Whether there was something to stop. */
  stopTalk(): boolean;
  /** Plays a file to the leg, whatever else it is doing; an earlier one ends. */
  startStream(stream: StreamSettings): void;
  stopStream(): boolean;
}

/** The programs of all legs. */
export interface Programs {
  of(leg: Leg): LegControl;
  /**
   * Carries out the NCCO of an address on a leg, from the first action to the last, beside what else it does. An
   * address that answers with none is reported, and passed over.
   */
  runAt(address: WebhookAddress, leg: Leg): Promise<void>;
}

export interface TalkSettings {
  /** At most 1500 characters; SSML when it begins with `<speak`. */
  text: string;
  /** BCP-47; English when absent. */
  language?: string | undefined;
  /** -1…1. */
  level?: number | undefined;
  /** 0 repeats it without end. */
  loop?: number | undefined;
}

export interface StreamSettings {
  /** One address of an mp3 or a 16-bit wav. */
  streamUrl: readonly [string];
  /** -1…1. */
  level?: number | undefined;
  /** 0 repeats it without end. */
  loop?: number | undefined;
}

/** What the actions of all legs work with. */
export interface Services {
  exchange: Exchange;
  pages: AppPages;
  programs: Programs;
  streams: StreamLoader;
  files: RecordedFiles;
  encoder: AudioEncoder;
  limits: RateLimits;
  /** Says to the developer what is not worth saying twice. */
  sayOnce(line: string): void;
  /** The platform's own address, without a slash at the end. */
  url: string;
}

/** Where an action is carried out. */
export interface ActionContext {
  readonly leg: Leg;
  readonly services: Services;
  /** Aborted when the NCCO was replaced or the leg is over: the action then stops what it began, and returns. */
  readonly signal: AbortSignal;
  /**
   * Sends an event of an action, to the application's event URL without a target.
   * @returns the NCCO that the application replied with, if it did.
   */
  ask(target: WebhookAddress | undefined, payload: Payload): Promise<Action[] | undefined>;
  /** The NCCO in a reply; undefined without one, or if it is wrong, which is reported to the application. */
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
  run(context: ActionContext): Promise<Outcome | undefined>;
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
  run: (settings: Settings, context: ActionContext) => Promise<Outcome | undefined>,
): ActionKind {
  return {
    name,
    read(value) {
      const parsed = schema.safeParse(value);
      if (!parsed.success) return { ok: false, error: parsed.error };
      const settings = parsed.data;
      return { ok: true, action: { action: name, settings, run: (context) => run(settings, context) } };
    },
  };
}

/** Resolves when the signal is aborted, immediately if it already is. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
