/** What the tests use of the package, which has no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Account {
    accountId: string;
    claims(): Promise<Record<string, unknown> & { sub: string }>;
  }

  interface Configuration {
    clients: readonly Record<string, unknown>[];
    claims: Readonly<Record<string, readonly string[]>>;
    cookies: { keys: readonly string[] };
    features: { devInteractions: { enabled: boolean } };
    ttl: Readonly<Record<string, number>>;
    pkce: { required(): boolean };
    findAccount(context: unknown, id: string): Account | undefined;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
