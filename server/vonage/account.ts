/** Base URLs of the APIs of Vonage or another platform, without a trailing slash. */
export interface PlatformHosts {
  api: string;
  rest: string;
  /** For resources in an application's region. */
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
  /** As in the Application API, such as `eu-west`. */
  region: string | undefined;
}

/** The wanted state of an application. Everything else stays unchanged. */
export interface ApplicationDraft {
  name: string;
  /** PEM; undefined: keep the present one. */
  publicKey: string | undefined;
  webhooks: VoiceWebhooks;
  /** Undefined: keep the present one. */
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
  /** Where calls go instead of an application: `tel 4420…` or `sip …`. */
  forwardsTo: string | undefined;
  /** Its handling of messages and receipts, which stays unchanged. */
  moHttpUrl: string | undefined;
  voiceStatusCallback: string | undefined;
}

export interface Offer extends NumberName {
  type: string;
  /** Euros per month, as formatted by Vonage. */
  cost: string;
}

/** What a token of an application is made from. */
export interface ApplicationKey {
  applicationId: string;
  /** PEM. */
  privateKey: string;
}

/** The changes that setup can make at Vonage. An undefined application id means the run's new application. */
export type Change =
  | { kind: 'create application'; draft: ApplicationDraft }
  | { kind: 'update application'; application: Application; draft: ApplicationDraft }
  | { kind: 'buy number'; number: NumberName }
  | { kind: 'link number'; number: OwnNumber; applicationId: string | undefined }
  | { kind: 'create user'; name: string };

/** A Vonage account. Methods throw an AccountError on failure. */
export interface Account {
  applications(): Promise<Application[]>;
  numbers(): Promise<OwnNumber[]>;
  /** Available numbers that can be called. @param containing a sequence of digits that they must contain */
  offers(country: string, containing?: string): Promise<Offer[]>;
  createApplication(draft: ApplicationDraft): Promise<Application>;
  /** Changes what the draft contains and keeps the rest in its latest state. */
  updateApplication(id: string, draft: ApplicationDraft): Promise<void>;
  /** Replaces only the voice webhooks. */
  pointWebhooks(id: string, webhooks: VoiceWebhooks): Promise<void>;
  buyNumber(number: NumberName): Promise<void>;
  linkNumber(number: OwnNumber, applicationId: string): Promise<void>;
  hasUser(key: ApplicationKey, name: string): Promise<boolean>;
  createUser(key: ApplicationKey, name: string): Promise<void>;
  /** Vonage's clock in milliseconds since 1970, accurate to a second. */
  time(): Promise<number>;
}

/** The base URLs of the APIs. @param apiUrl of a platform other than Vonage */
export function hostsOf(apiUrl: string | undefined, region: string | undefined): PlatformHosts {
  if (apiUrl !== undefined) return { api: apiUrl, rest: apiUrl, users: apiUrl };
  const api = 'https://api.nexmo.com';
  const users = region === undefined ? api : `https://api-${region}.vonage.com`;
  return { api, rest: 'https://rest.nexmo.com', users };
}
