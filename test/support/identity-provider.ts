import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { listen } from '../../server/http/listen.ts';
import { freePort } from './free-port.ts';

/** A real identity provider on this machine. */
export interface TestProvider {
  issuer: string;
  /** The people who may sign in there, by what they type, with their claims. They may change. */
  people: Map<string, Record<string, unknown>>;
  close(): Promise<void>;
}

/** Starts the provider of the package oidc-provider, which is certified for OpenID Connect. */
export async function startProvider(client: {
  id: string;
  secret: string;
  redirectUri: string;
}): Promise<TestProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const people: TestProvider['people'] = new Map();
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'realm_access'], email: ['email'] },
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: true } },
    ttl: { AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    pkce: { required: () => true },
    findAccount(_context, id) {
      const claims = people.get(id);
      return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
    },
  });
  const server = createServer(provider.callback());
  await listen(server, { port, portIsFixed: true, host: '127.0.0.1' });
  return {
    issuer,
    people,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Somebody's browser, as far as signing in needs one: it keeps cookies, follows redirects and fills in forms. */
export function createVisitor(login: string) {
  const jars = new Map<string, Map<string, string>>();

  async function send(url: URL, form?: Record<string, string>): Promise<Response> {
    const jar = jars.get(url.origin) ?? new Map<string, string>();
    jars.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split(/=(.*)/s, 2) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  return {
    /** The cookies that this browser sends to an address. */
    cookies: (url: string) => jars.get(new URL(url).origin) ?? new Map<string, string>(),
    /** Opens an address; resolves with where that led, and what is there. @param until stops before this path */
    async open(address: string, until?: string): Promise<{ url: URL; status: number; text: string }> {
      let url = new URL(address);
      let form: Record<string, string> | undefined;
      for (let steps = 0; steps < 20; steps += 1) {
        if (url.pathname === until) return { url, status: 0, text: '' };
        const answer = await send(url, form);
        form = undefined;
        const text = await answer.text();
        const location = answer.headers.get('location');
        if (answer.status >= 300 && answer.status < 400 && location !== null) {
          url = new URL(location, url);
          continue;
        }
        const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1];
        if (action === undefined) return { url, status: answer.status, text };
        const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? '';
        form = { prompt, ...(prompt === 'login' && { login, password: 'any' }) };
        url = new URL(action, url);
      }
      throw new Error(`The way to ${address} has no end.`);
    },
  };
}
