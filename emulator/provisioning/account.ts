import type { Region, WebhookAddress, Webhooks } from './capabilities.ts';
import type { OwnedNumber, User, UserDetails } from './state.ts';

export type { OwnedNumber, User, UserDetails, WebhookAddress, Webhooks };

/** On whose behalf a webhook is sent. */
export interface SigningIdentity {
  apiKey: string;
  applicationId: string;
  /** Absent: the webhook is not signed. */
  signatureSecret?: string;
}

/** A Vonage application: who signs its tokens, and where its voice webhooks go. */
export interface Application {
  readonly id: string;
  /** Of the account that it belongs to. */
  readonly apiKey: string;
  readonly name: string;
  /** PEM. */
  readonly publicKey: string;
  readonly webhooks: Webhooks;
  /** Where its calls are; undefined: everywhere. */
  readonly region?: Region | undefined;
}

/** What a program needs to be this application; the shape of `GET /emulator/credentials`. */
export interface Credentials {
  application_id: string;
  private_key: string;
  api_key: string;
  api_secret: string;
  signature_secret: string;
  /** The first that is linked to the application; empty where none is. */
  number: string;
}

/** What calls look up: whose number it is, whose token, who is called. */
export interface Directory {
  application(id: string): Application | undefined;
  /** The application that a number is linked to, or undefined when nobody has linked the number. */
  applicationOf(number: string): Application | undefined;
  /** The numbers that are linked to an application, E.164 without `+`. */
  numbersOf(applicationId: string): string[];
  /** Those of an application; of one that is gone, nobody. */
  users(applicationId: string): UserDirectory;
  /** Who signs an application's webhooks; without a secret where it asked for unsigned ones, or is gone. */
  signer(applicationId: string): SigningIdentity;
}

/** The users of one application. Names are unique. */
export interface UserDirectory {
  list(): User[];
  byId(id: string): User | undefined;
  byName(name: string): User | undefined;
  /** Adds a user; undefined when the name is taken. */
  add(name: string, details?: UserDetails): User | undefined;
  /** Renames a user and adds to the details; false when there is no such user, or another has the name. */
  change(id: string, name: string, details: UserDetails): boolean;
  remove(id: string): boolean;
}
