import { createPublicKey } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Application, Directory, User } from '../provisioning/account.ts';

/** Who a user token speaks for, and until when (milliseconds since 1970). */
export interface TokenHolder {
  application: Application;
  user: User;
  expiresAt: number;
}

type TokenFault = 'expired-token' | 'invalid-token' | 'invalid-user' | 'permission';
type TokenCheck = { ok: true; holder: TokenHolder } | { ok: false; fault: TokenFault };

/** Checks a Client SDK user token: RS256 by the application's key, a known `sub`, an ACL that allows sessions. */
export async function checkUserToken(token: string, directory: Directory): Promise<TokenCheck> {
  const verified = await verify(token, directory);
  if (!verified.ok) return verified;
  const { application, claims } = verified;
  if (typeof claims.sub !== 'string') return { ok: false, fault: 'invalid-token' };
  const user = directory.users(application.id).byName(claims.sub);
  if (!user) return { ok: false, fault: 'invalid-user' };
  if (!allowsSessions(claims.acl)) return { ok: false, fault: 'permission' };
  return { ok: true, holder: { application, user, expiresAt: (claims.exp ?? 0) * 1000 } };
}

/** Checks an application token, as the REST APIs take it: the same signature, no user. */
export async function checkApplicationToken(
  token: string,
  directory: Directory,
): Promise<Application | undefined> {
  const verified = await verify(token, directory);
  return verified.ok && verified.claims.sub === undefined ? verified.application : undefined;
}

async function verify(token: string, directory: Directory) {
  try {
    const id = decodeJwt(token).application_id;
    const application = typeof id === 'string' ? directory.application(id) : undefined;
    if (!application) return { ok: false, fault: 'invalid-token' } as const;
    const { payload } = await jwtVerify(token, createPublicKey(application.publicKey), {
      algorithms: ['RS256'],
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    return { ok: true, application, claims: payload } as const;
  } catch (error) {
    return {
      ok: false,
      fault: error instanceof errors.JWTExpired ? 'expired-token' : 'invalid-token',
    } as const;
  }
}

/** The token of a bearer header; Vonage's SDKs write the word in either case. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

function allowsSessions(acl: unknown): boolean {
  if (typeof acl !== 'object' || acl === null || !('paths' in acl)) return false;
  const { paths } = acl;
  return (
    typeof paths === 'object' &&
    paths !== null &&
    Object.keys(paths).some((path) => /^\/\*(\/\*\*|\/sessions\/\*\*)$/.test(path))
  );
}
