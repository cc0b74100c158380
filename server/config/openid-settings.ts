import { ROLES, type Role } from '../../domain/api/page-api.ts';

// Vonage publishes no rule for user names. Letters, digits and these four need no escaping anywhere.
export const AGENT_NAME = /^[A-Za-z0-9._@-]{1,64}$/;

/** How people sign in with an identity provider. */
export interface OpenIdSettings {
  issuer: string;
  clientId: string;
  /** Undefined: a public client, which PKCE alone protects. */
  clientSecret: string | undefined;
  scope: string;
  /** The claim with the name of the account. */
  nameClaim: string;
  /** The claim with the roles or groups. */
  rolesClaim: string;
  /** The role of each value of that claim; undefined: the values are roles. */
  roles: ReadonlyMap<string, Role> | undefined;
}

/** Reads `value:role,value:role`. Undefined: it makes no sense. The values may contain colons. */
export function readRoleList(text: string): ReadonlyMap<string, Role> | undefined {
  const roles = new Map<string, Role>();
  for (const entry of text.split(',')) {
    const colon = entry.lastIndexOf(':');
    const value = entry.slice(0, colon).trim();
    const role = ROLES.find((each) => each === entry.slice(colon + 1).trim());
    if (colon < 1 || value === '' || role === undefined) return undefined;
    roles.set(value, role);
  }
  return roles;
}
