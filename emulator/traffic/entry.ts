import type { HintCode } from './hint-words.ts';

/** `out`: the platform asked the application, or what the application named. `in`: a client asked the platform. */
export type Direction = 'out' | 'in';

export const KINDS = [
  'answer', // an NCCO was asked for
  'fallback',
  'event',
  'stream', // a sound was fetched
  'websocket',
  'rest', // Vonage's REST APIs
  'client-sdk',
  'control', // the emulator's own addresses
] as const;
export type Kind = (typeof KINDS)[number];

/** What a developer should change: a code that pages put into their language, and the same in English. */
export interface Hint {
  code: HintCode;
  values: Record<string, string>;
  text: string;
}

/** What a list shows of a request. */
export interface Summary {
  /** Counts up from 1. */
  id: number;
  /** Counts up with every change of any entry. */
  revision: number;
  direction: Direction;
  kind: Kind;
  /** What for, in the platform's own names: `ringing`, `NCCO`, `POST /v1/calls`. */
  what: string;
  method: string;
  /** Without secrets. */
  url: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Milliseconds; null while there is no answer. */
  took: number | null;
  /** Null while there is no answer, and when there was none. */
  status: number | null;
  /** Why there was no whole answer, in words. */
  error: string | null;
  /** Bytes of both bodies. */
  size: number;
  /** `CON-` and a UUID. */
  call: string | null;
  leg: string | null;
  application: string | null;
  /** From 1. */
  attempt: number;
  /** The entry that this one repeats. */
  repeats: number | null;
  /** Whether it can be sent again. */
  repeatable: boolean;
  hint: Hint | null;
}

/** Names as they were written, in their order. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface Body {
  /** Null for what is not text. */
  text: string | null;
  /** Of the whole, before anything was left out. */
  bytes: number;
  isCut: boolean;
}

/** Who a request said that it comes from. */
export type Proof =
  | { type: 'none' }
  | { type: 'key'; key: string }
  | {
      type: 'token';
      /** `alg` and what else there is. */
      header: Record<string, unknown>;
      claims: Record<string, unknown>;
      /** Null where it is valid, or nobody has checked it. */
      fault: ProofFault | null;
      /** SHA-256 of the payload, as the token has it and as it is; null where the token has none. */
      hash: { claimed: string; actual: string } | null;
    };

export type ProofFault =
  | 'not-a-token'
  | 'expired'
  | 'unknown-application'
  | 'wrong-key'
  | 'claims-missing'
  | 'not-allowed';

export interface Message {
  headers: Headers;
  body: Body | null;
}

/** One request with all that is known of it. */
export interface Entry extends Summary {
  request: Message;
  response: Message | null;
  proof: Proof;
}

/** A page of the list, newest first. */
export interface RequestList {
  /** Another one means that everything known before is gone: the platform was restarted, or the log cleared. */
  epoch: string;
  revision: number;
  /** How many there are that fit the filter. */
  total: number;
  requests: Summary[];
  /** To be given as `before` for the next page. */
  next: number | null;
}

/** Leaves out what only the entry itself shows. */
export function summaryOf(entry: Entry): Summary {
  const { request: _request, response: _response, proof: _proof, ...summary } = entry;
  return summary;
}

/** Whether something is wrong with it. */
export function hasFailed({ status, error }: Pick<Summary, 'status' | 'error'>): boolean {
  return error !== null || (status !== null && status >= 400);
}
