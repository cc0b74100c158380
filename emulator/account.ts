import { generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto';

/** A webhook address as an application holds it. */
export interface WebhookAddress {
  address: string;
  method: 'GET' | 'POST';
}

/** A Vonage application: who signs its tokens, and where its voice webhooks go. */
export interface Application {
  id: string;
  name: string;
  publicKey: string;
  webhooks: { answer?: WebhookAddress; fallback?: WebhookAddress; event?: WebhookAddress };
}

/** A user of an application, as the Users API shows it. `id` is `USR-` and a UUID. */
export interface User {
  id: string;
  name: string;
  displayName?: string;
  createdAt: string;
}

/** What a program needs to be this account's application; the shape of `GET /emulator/credentials`. */
export interface Credentials {
  application_id: string;
  private_key: string;
  api_key: string;
  api_secret: string;
  signature_secret: string;
  number: string;
}

export interface AccountOptions {
  /** The number to dial, E.164 without `+`. */
  number: string;
  webhooks: Application['webhooks'];
  /** Default: a new one. */
  signatureSecret?: string;
}

/** One customer of the platform: keys, an application, its number and its users, all in memory. */
export interface Directory {
  readonly credentials: Credentials;
  application(id: string): Application | undefined;
  /** The application that a number is linked to, or undefined when nobody owns the number. */
  applicationOf(number: string): Application | undefined;
  users(applicationId: string): UserDirectory;
}

/** The users of one application. Names are unique. */
export interface UserDirectory {
  list(): User[];
  byId(id: string): User | undefined;
  byName(name: string): User | undefined;
  /** Adds a user; undefined when the name is taken. */
  add(name: string, displayName?: string): User | undefined;
  remove(id: string): boolean;
}

/** Makes an account with fresh keys (RSA 2048, as Vonage's dashboard generates them). */
export function createDirectory(options: AccountOptions): Directory {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const application: Application = {
    id: randomUUID(),
    name: 'Switchboard',
    publicKey: keys.publicKey,
    webhooks: options.webhooks,
  };
  const directory = createUserDirectory();
  return {
    credentials: {
      application_id: application.id,
      private_key: keys.privateKey,
      api_key: randomBytes(4).toString('hex'),
      api_secret: randomText(16),
      signature_secret: options.signatureSecret ?? randomText(50),
      number: options.number,
    },
    application: (id) => (id === application.id ? application : undefined),
    applicationOf: (number) => (number === options.number ? application : undefined),
    users: () => directory,
  };
}

function createUserDirectory(): UserDirectory {
  const byId = new Map<string, User>();
  const byName = new Map<string, User>();
  return {
    list: () => [...byId.values()],
    byId: (id) => byId.get(id),
    byName: (name) => byName.get(name),
    add(name, displayName) {
      if (byName.has(name)) return undefined;
      const user: User = { id: `USR-${randomUUID()}`, name, createdAt: new Date().toISOString() };
      if (displayName !== undefined) user.displayName = displayName;
      byId.set(user.id, user);
      byName.set(name, user);
      return user;
    },
    remove(id) {
      const user = byId.get(id);
      if (!user) return false;
      byName.delete(user.name);
      return byId.delete(id);
    },
  };
}

function randomText(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
