import { createSessions, type Sessions } from './session-cookie.ts';
import { createTryLimit, type TryLimit } from './try-limit.ts';

/** How agents prove who they are. */
export type SignIn =
  /** They need not: the server is on loopback, and its platform is the emulator. */
  | { kind: 'automatic' }
  | {
      kind: 'code';
      /** Access codes by agent. */
      codes: ReadonlyMap<string, string>;
      sessions: Sessions;
      /** Of wrong codes, by agent and address. */
      limit: TryLimit;
    };

export interface Clocks {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds on a clock that does not jump. */
  monotonic: () => number;
}

/** Sign-in by access code; five tries a minute for one agent from one address. */
export function signInByCode(codes: ReadonlyMap<string, string>, privateKey: string, clocks: Clocks): SignIn {
  return {
    kind: 'code',
    codes,
    sessions: createSessions(privateKey, codes, clocks.now),
    limit: createTryLimit({ tries: 5, perMs: 60_000, keys: 10_000, now: clocks.monotonic }),
  };
}
