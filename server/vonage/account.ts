/** Where Vonage's APIs are, or another platform's. Without a slash at the end. */
export interface PlatformHosts {
  api: string;
  rest: string;
  /** For what an application has in its region. */
  users: string;
}

export interface AccountAccess {
  apiKey: string;
  apiSecret: string;
  hosts: PlatformHosts;
}

export interface Webhook {
  address: string;
  method: 'GET' | 'POST';
}

/** Absent: the application has none. */
export interface VoiceWebhooks {
  answer?: Webhook;
  event?: Webhook;
  fallback?: Webhook;
}

export interface Application {
  id: string;
  name: string;
  /** PEM. */
  publicKey: string | undefined;
  webhooks: VoiceWebhooks;
  hasRtc: boolean;
  signsCallbacks: boolean;
  /** As the Application API names it: `eu-west`. */
  region: string | undefined;
}

/** What an application is to be; what it has beside that stays. */
export interface ApplicationDraft {
  name: string;
  /** PEM; undefined: the one that it has stays. */
  publicKey: string | undefined;
  webhooks: VoiceWebhooks;
  /** Undefined: the one that it has stays. */
  region: string | undefined;
}

interface NumberName {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** E.164 without `+`. */
  msisdn: string;
}

export interface OwnNumber extends NumberName {
  hasVoice: boolean;
  applicationId: string | undefined;
  /** What calls are sent to instead of an application: `tel 4420…` or `sip …`. */
  forwardsTo: string | undefined;
  /** What it does with messages and receipts, which stays. */
  moHttpUrl: string | undefined;
  voiceStatusCallback: string | undefined;
}

export interface Offer extends NumberName {
  type: string;
  /** Euros a month, as Vonage writes them. */
  cost: string;
}

/** By what a token of an application is made. */
export interface ApplicationKey {
  applicationId: string;
  /** PEM. */
  privateKey: string;
}

/** What setup may change at Vonage. An application id that is undefined is the one of the run's new application. */
export type Change =
  | { kind: 'create application'; draft: ApplicationDraft }
  | { kind: 'update application'; application: Application; draft: ApplicationDraft }
  | { kind: 'buy number'; number: NumberName }
  | { kind: 'link number'; number: OwnNumber; applicationId: string | undefined }
  | { kind: 'create user'; name: string };

/** A customer's account at Vonage. Every method throws an AccountError. */
export interface Account {
  applications(): Promise<Application[]>;
  numbers(): Promise<OwnNumber[]>;
  /** Numbers that can be bought and called. @param containing digits that they must have in a row */
  offers(country: string, containing?: string): Promise<Offer[]>;
  createApplication(draft: ApplicationDraft): Promise<Application>;
  /** Changes what the draft names and keeps the rest, as it is by now. */
  updateApplication(id: string, draft: ApplicationDraft): Promise<void>;
  /** Replaces the voice webhooks alone. */
  pointWebhooks(id: string, webhooks: VoiceWebhooks): Promise<void>;
  buyNumber(number: NumberName): Promise<void>;
  linkNumber(number: OwnNumber, applicationId: string): Promise<void>;
  hasUser(key: ApplicationKey, name: string): Promise<boolean>;
  createUser(key: ApplicationKey, name: string): Promise<void>;
  /** Vonage's clock, in milliseconds since 1970, to the second. */
  time(): Promise<number>;
}

/** Where the APIs are. @param apiUrl another platform than Vonage's own */
export function hostsOf(apiUrl: string | undefined, region: string | undefined): PlatformHosts {
  if (apiUrl !== undefined) return { api: apiUrl, rest: apiUrl, users: apiUrl };
  const api = 'https://api.nexmo.com';
  const users = region === undefined ? api : `https://api-${region}.vonage.com`;
  return { api, rest: 'https://rest.nexmo.com', users };
}
