import { createSessions, type Sessions } from './session-cookie.ts';

/** How agents prove who they are. */
export type SignIn =
  /** They need not: the server is on loopback, and its platform is the emulator. */
  | { kind: 'automatic' }
  | {
      kind: 'code';
      /** Access codes by agent. */
      codes: ReadonlyMap<string, string>;
      sessions: Sessions;
    };

/** Sign-in by access code. `now` is in milliseconds since 1970. */
export function signInByCode(
  codes: ReadonlyMap<string, string>,
  privateKey: string,
  now: () => number,
): SignIn {
  return { kind: 'code', codes, sessions: createSessions(privateKey, codes, now) };
}
