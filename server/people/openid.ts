import { ROLES, type Role } from '../../domain/api/page-api.ts';
import { AGENT_NAME, type OpenIdSettings } from '../config/openid-settings.ts';

/** What a browser keeps while its user is at the identity provider. */
export interface OpenIdSecrets {
  state: string;
  nonce: string;
  verifier: string;
}

/** Somebody whom the identity provider vouches for. */
export interface OpenIdPerson {
  /** Identifies the person for ever: the issuer and its subject. */
  subject: string;
  name: string;
  roles: readonly Role[];
}

/** The identity provider. Methods reject with an Error in words for the server's log. */
export interface IdentityProvider {
  /** Where the browser must go. */
  begin(): Promise<{ url: string; secrets: OpenIdSecrets }>;
  /** The claims about whoever came back. @param returned the address to which the provider sent the browser */
  finish(returned: URL, secrets: OpenIdSecrets): Promise<Claims>;
}

type Claims = Readonly<Record<string, unknown>>;

/** Milliseconds that the provider has for each request. */
const PATIENCE_MS = 5_000;

/** @param redirectUri where the provider sends browsers back */
export function createIdentityProvider(settings: OpenIdSettings, redirectUri: string): IdentityProvider {
  const { issuer, clientId, clientSecret, scope } = settings;

  async function discover() {
    // Loaded when somebody signs in: most servers never need it.
    const client = await import('openid-client');
    const server = new URL(issuer);
    const isOnThisMachine = server.protocol === 'http:';
    const configuration = await client.discovery(server, clientId, clientSecret, undefined, {
      timeout: PATIENCE_MS / 1000,
      ...(isOnThisMachine && { execute: [client.allowInsecureRequests] }),
    });
    return { client, configuration };
  }
  let discovered: ReturnType<typeof discover> | undefined;
  /** Asks the provider once, and again after it failed. */
  function known(): ReturnType<typeof discover> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  }

  return {
    async begin() {
      const { client, configuration } = await known();
      const secrets = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secrets };
    },

    async finish(returned, { state, nonce, verifier }) {
      const { client, configuration } = await known();
      const url = new URL(redirectUri);
      url.search = returned.search;
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the provider sent no ID token');
      // Many providers tell names and groups only there.
      const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const more = hasMore
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : undefined;
      return { ...more, ...claims };
    },
  };
}

/** Who the claims are about; `fault`: why that is nobody here, in words for that person. */
export function personOf(
  claims: Claims,
  { nameClaim, rolesClaim, roles }: OpenIdSettings,
): OpenIdPerson | { fault: string } {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '') {
    return { fault: 'The identity provider did not say who you are.' };
  }
  const name = claimAt(claims, nameClaim);
  if (typeof name !== 'string' || !AGENT_NAME.test(name)) {
    return {
      fault: `The claim "${nameClaim}" must be a name of letters, digits and . _ @ -, at most 64 characters. Ask the person who runs this server.`,
    };
  }
  const told = claimAt(claims, rolesClaim);
  const values = (Array.isArray(told) ? told : [told]).filter((each) => typeof each === 'string');
  const given = new Set(values.map((value) => (roles === undefined ? value : roles.get(value))));
  const own = ROLES.filter((role) => given.has(role));
  if (own.length === 0) {
    return { fault: `${name}, you have no role in Switchboard. Ask the person who runs this server.` };
  }
  return { subject: `${iss} ${sub}`, name, roles: own };
}

/** The claim of a name, or inside of others: `realm_access.roles`. Names of claims may contain points, too. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
