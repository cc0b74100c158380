import { z } from 'zod';
import { capabilities } from './capabilities.ts';

const digits = z.string().regex(/^\d{3,15}$/, 'must be 3 to 15 digits');
const pem = (kind: string) => z.string().startsWith(`-----BEGIN ${kind}-----`, `must be a PEM ${kind}`);

/** An object; `[]` is how PHP, and so Vonage's PHP SDK, writes an empty one. */
const object = z.preprocess(
  (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
  z.looseObject({}),
);

/** What a program says about a user: kept as it came, in the API's own names. */
export const userDetails = z.object({
  display_name: z.string().exactOptional(),
  image_url: z.string().exactOptional(),
  properties: object.exactOptional(),
  channels: object.exactOptional(),
});

const user = z.object({
  /** `USR-` and a UUID. */
  id: z.string().startsWith('USR-'),
  name: z.string().min(1),
  createdAt: z.iso.datetime(),
  details: userDetails,
});

export const LINE_TYPES = ['landline', 'mobile-lvn', 'landline-toll-free'] as const;
export const FEATURES = ['SMS', 'VOICE', 'MMS'] as const;

const line = {
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'),
  /** E.164 without `+`. */
  msisdn: digits,
  type: z.enum(LINE_TYPES),
  features: z.array(z.enum(FEATURES)),
  /** Euros a month, as text. */
  cost: z.string().regex(/^\d+\.\d\d$/, 'must be an amount like 1.25'),
};

/** What a number does when it is called or written to, in the Numbers API's own names. */
const numberSettings = z.object({
  moHttpUrl: z.string().exactOptional(),
  moSmppSysType: z.string().exactOptional(),
  voiceCallbackType: z.enum(['app', 'sip', 'tel']).exactOptional(),
  voiceCallbackValue: z.string().exactOptional(),
  voiceStatusCallback: z.string().exactOptional(),
});

const ownedNumber = z.object({
  ...line,
  /** The application whose answer URL is asked when a call comes in. */
  applicationId: z.string().exactOptional(),
  settings: numberSettings,
});

const application = z.object({
  id: z.uuid(),
  name: z.string().min(1),
  publicKey: pem('PUBLIC KEY'),
  /** Where the platform made the application itself, so that it can hand the key out. */
  privateKey: pem('PRIVATE KEY').optional(),
  capabilities,
  privacy: z.looseObject({ improve_ai: z.boolean() }),
  users: z.array(user),
});

const apiSecret = z.object({ id: z.uuid(), secret: z.string().min(1), createdAt: z.iso.datetime() });

const account = z.object({
  apiKey: z.string().min(1),
  apiSecrets: z.array(apiSecret).min(1),
  /** While there are two, webhooks are signed with either. */
  signatureSecrets: z.union([z.tuple([z.string().min(1)]), z.tuple([z.string().min(1), z.string().min(1)])]),
  /** Euros. */
  balance: z.number(),
  /** Where messages go that no number or application has an address for. */
  messageCallbacks: z.object({ inbound: z.string(), receipts: z.string() }),
  applications: z.array(application),
  numbers: z.array(ownedNumber),
});

/** All that customers have on the platform, as a file keeps it. */
export const platformState = z
  .object({ version: z.literal(1), accounts: z.array(account).min(1) })
  .superRefine(({ accounts }, context) => {
    const twice = (what: string, keys: string[]) => {
      const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
      if (repeated !== undefined) context.addIssue(`${what} ${repeated} is there twice`);
    };
    const applications = accounts.flatMap((one) => one.applications);
    twice(
      'account',
      accounts.map((one) => one.apiKey),
    );
    twice(
      'application',
      applications.map((one) => one.id),
    );
    twice(
      'number',
      accounts.flatMap((one) => one.numbers.map((number) => number.msisdn)),
    );
    for (const { id, users } of applications) {
      twice(
        `in application ${id} the user`,
        users.map((one) => one.name),
      );
    }
    for (const { applications, numbers } of accounts) {
      const known = new Set(applications.map((one) => one.id));
      const astray = numbers.find(({ applicationId: id }) => id !== undefined && !known.has(id));
      if (astray) context.addIssue(`number ${astray.msisdn} is linked to an application that is not there`);
    }
  });

export type PlatformState = z.infer<typeof platformState>;
export type AccountState = z.infer<typeof account>;
export type ApplicationState = z.infer<typeof application>;
export type OwnedNumber = z.infer<typeof ownedNumber>;
export type MarketNumber = Omit<OwnedNumber, 'applicationId' | 'settings'>;
export type NumberSettings = z.infer<typeof numberSettings>;
export type User = z.infer<typeof user>;
export type UserDetails = z.infer<typeof userDetails>;
