import { createPrivateKey, hkdfSync } from 'node:crypto';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';

/** Seconds that somebody stays signed in: one long shift. */
export const SESSION_SECONDS = 12 * 60 * 60;

const ISSUER = 'switchboard';

/** Signs agents in for a while without keeping anything on the server. */
export interface Sessions {
  /** A signed value that says who somebody is. */
  issue(agent: string): Promise<string>;
  /** The agent whom a value was issued to, or undefined where it is forged, too old or withdrawn. */
  read(value: string | undefined): Promise<string | undefined>;
}

/**
 * Sessions whose keys come from the private key of the application and the access code of the agent:
 * all servers of one application agree, and a new code ends the sessions that the old one opened.
 * `now` is in milliseconds since 1970.
 */
export function createSessions(
  privateKey: string,
  codes: ReadonlyMap<string, string>,
  now: () => number,
): Sessions {
  const secret = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  const keys = new Map(
    [...codes].map(([agent, code]) => [
      agent,
      new Uint8Array(hkdfSync('sha256', secret, code, `${ISSUER} session of ${agent}`, 32)),
    ]),
  );

  return {
    issue(agent) {
      const key = keys.get(agent);
      if (key === undefined) throw new Error(`Nobody is called ${agent} here`);
      const seconds = Math.floor(now() / 1000);
      return new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setSubject(agent)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + SESSION_SECONDS)
        .sign(key);
    },

    async read(value) {
      if (value === undefined) return undefined;
      try {
        const agent = decodeJwt(value).sub ?? '';
        const key = keys.get(agent);
        if (key === undefined) return undefined;
        const currentDate = new Date(now());
        await jwtVerify(value, key, { algorithms: ['HS256'], issuer: ISSUER, currentDate });
        return agent;
      } catch {
        return undefined;
      }
    },
  };
}
