import { isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isLanguageTag } from '../../domain/desk/texts.ts';
import { LONGEST_TALK } from '../../domain/ncco/ncco.ts';
import { FEWEST_DAYS } from '../audit/tables.ts';
import { isHookSecret } from '../hooks/sign.ts';
import { AGENT_NAME, readRoleList } from './openid-settings.ts';

/** Variables with secrets, whose values are never quoted. */
export const secretNames: ReadonlySet<string> = new Set([
  'AGENT_CODES',
  'CONTACT_LOOKUP_URL',
  'DATABASE_URL',
  'HOOK_SECRET',
  'HOOK_URL',
  'METRICS_TOKEN',
  'NGROK_AUTHTOKEN',
  'OPENID_CLIENT_SECRET',
  'VONAGE_API_SECRET',
  'VONAGE_PRIVATE_KEY',
  'VONAGE_SIGNATURE_SECRET',
]);

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, {
    message: 'must be a whole number from 0 to 65535',
  })
  .transform(Number);

const number = z
  .string()
  .transform((text) => text.replace(/[\s().-]/g, '').replace(/^\+/, ''))
  .refine((digits) => /^\d{3,15}$/.test(digits), 'must be a phone number in E.164, like 442038297050');

/** During rotation there are two secrets: the new one and the old one. */
const secrets = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((secret) => secret.trim())
      .filter((secret) => secret !== ''),
  )
  .refine(
    (list) => list.length === 1 || list.length === 2,
    'must be one secret, or two separated by a comma',
  );

const baseUrl = (paths: 'with a path' | 'without a path') =>
  z
    .string()
    .refine(
      (text) => {
        const url = URL.parse(text);
        return (
          url !== null &&
          /^https?:$/.test(url.protocol) &&
          // An empty query, fragment or user name is missing from the parsed URL, but present in the text.
          !/[?#@\\\s]/.test(text) &&
          (paths === 'with a path' || url.pathname === '/')
        );
      },
      paths === 'with a path'
        ? 'must be an http or https address without a query, fragment or credentials'
        : 'must be an http or https address without a path, query, fragment or credentials',
    )
    .transform((text) => new URL(text).href.replace(/\/+$/, ''));

/** Whole networks are in CIDR. One of all addresses would let everyone claim any address. */
const networks = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  )
  .refine(
    (list) => list.every(isNetwork),
    'must be IP addresses or networks like 10.0.0.0/8, separated by commas, and not all addresses at once',
  );

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  const [least, most] = isIPv6(address) ? [leastBits(address), 128] : [1, 32];
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) >= least && Number(bits) <= most);
}

/** All addresses of IPv4 together are the network `::ffff:0:0/96`. */
function leastBits(address: string): number {
  const usual = URL.parse(`http://[${address}]`)?.hostname ?? '';
  return /^\[::ffff:[\da-f]+:[\da-f]+\]$/.test(usual) ? 97 : 1;
}

/** Addresses that hooks are sent to. A comma inside of one is written as %2C. */
const hookUrls = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
  )
  .refine(
    (urls) =>
      urls.length > 0 &&
      urls.every((text) => {
        const url = URL.parse(text);
        return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
      }),
    'must be http or https addresses without credentials, separated by commas',
  )
  .refine(
    (urls) => new Set(urls).size === urls.length && urls.length <= 10,
    'must have at most 10 addresses, and none twice',
  );

/** An address that may have a query, and stays as it is written. */
const webUrl = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? '') && !/\s/.test(text),
    'must be an http or https address',
  );

const agents = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )
  .refine(
    (names) => names.every((name) => AGENT_NAME.test(name)),
    'must be names of letters, digits and . _ @ -, at most 64 characters each, separated by commas',
  )
  .refine((names) => new Set(names).size === names.length, 'must not name anybody twice')
  .transform((names, context): readonly [string, ...string[]] => {
    const [first, ...others] = names;
    if (first !== undefined) return [first, ...others];
    context.addIssue('must name at least one agent');
    return z.NEVER;
  });

const perSecond = z
  .string()
  .refine((text) => /^[1-9]\d{0,3}$/.test(text), 'must be a whole number from 1 to 9999')
  .transform(Number);

/** The environment variables. Unset ones are undefined; defaults are set where they are used. */
export const settings = z.object({
  PORT: port.optional(),
  HOST: z
    .string()
    .refine((text) => !/[\s/]/.test(text), 'must be a host name or an IP address')
    .optional(),
  PUBLIC_URL: baseUrl('without a path').optional(),
  TRUSTED_PROXIES: networks.optional(),
  DRAIN_SECONDS: z
    .string()
    .refine(
      (text) => /^\d{1,2}$/.test(text) && Number(text) <= 60,
      'must be a whole number of seconds up to 60',
    )
    .transform(Number)
    .optional(),
  VONAGE_APPLICATION_ID: z
    .string()
    .refine((text) => /^[\w-]+$/.test(text), 'must be an application id, as the dashboard shows it')
    .optional(),
  VONAGE_PRIVATE_KEY: z.string().optional(),
  VONAGE_API_KEY: z.string().optional(),
  VONAGE_API_SECRET: z.string().optional(),
  VONAGE_SIGNATURE_SECRET: secrets.optional(),
  VONAGE_NUMBER: number.optional(),
  VONAGE_REGION: z.enum(['us', 'eu', 'ap'], 'must be us, eu or ap').optional(),
  VONAGE_API_URL: baseUrl('with a path').optional(),
  VONAGE_CALLS_PER_SECOND: perSecond.optional(),
  VONAGE_REQUESTS_PER_SECOND: perSecond.optional(),
  AGENTS: agents.optional(),
  AGENT_CODES: z.string().optional(),
  ROUTING: z.enum(['direct', 'desk'], 'must be direct or desk').optional(),
  DESK_FILE: z.string().optional(),
  WAIT_MESSAGE: z.string().max(LONGEST_TALK, `must have at most ${LONGEST_TALK} characters`).optional(),
  VOICE_LANGUAGE: z.string().refine(isLanguageTag, 'must be a language tag, like en-GB or es-ES').optional(),
  VOICEMAIL: z.enum(['on', 'off'], 'must be on or off').optional(),
  CONTACT_LOOKUP_URL: webUrl.optional(),
  CONTACT_LINK: webUrl.refine((text) => text.includes('{number}'), 'must contain {number}').optional(),
  HOOK_URL: hookUrls.optional(),
  HOOK_SECRET: secrets
    .refine(
      (list) => list.every(isHookSecret),
      'must begin with whsec_, followed by 24 to 64 bytes in base64. "npm run hooks -- secret" makes one',
    )
    .optional(),
  OPENID_ISSUER: baseUrl('with a path')
    .refine((text) => {
      const { protocol, hostname } = new URL(text);
      return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
    }, 'must begin with https://')
    .optional(),
  OPENID_CLIENT_ID: z.string().optional(),
  OPENID_CLIENT_SECRET: z.string().optional(),
  OPENID_SCOPE: z
    .string()
    .refine((text) => text.split(' ').includes('openid'), 'must contain openid')
    .optional(),
  OPENID_NAME_CLAIM: z.string().optional(),
  OPENID_ROLES_CLAIM: z.string().optional(),
  OPENID_ROLES: z
    .string()
    .transform((text, context) => {
      const roles = readRoleList(text);
      if (roles !== undefined) return roles;
      context.addIssue('must be like "values-of-the-claim:agent,others:supervisor"');
      return z.NEVER;
    })
    .optional(),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''),
      'must be an address that begins with postgres://',
    )
    .optional(),
  DATA_DIR: z.string().optional(),
  RETENTION_DAYS: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) > 0, 'must be a whole number of days from 1 on')
    .transform(Number)
    .optional(),
  AUDIT_DAYS: z
    .string()
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) >= FEWEST_DAYS,
      `must be a whole number of days from ${FEWEST_DAYS} on`,
    )
    .transform(Number)
    .optional(),
  LOG_FORMAT: z.enum(['pretty', 'json'], 'must be pretty or json').optional(),
  LOG_NUMBERS: z.enum(['full', 'masked'], 'must be full or masked').optional(),
  METRICS_TOKEN: z
    .string()
    .refine(
      (text) => /^[\w.~+/=-]{16,}$/.test(text),
      'must have at least 16 characters, of letters, digits and - . _ ~ + / =',
    )
    .optional(),
  EMULATOR_PORT: port.optional(),
  EMULATOR_NUMBER: number.optional(),
  EMULATOR_CALLER: number.optional(),
  EMULATOR_STATE: z.string().optional(),
  /** Only for the tunnel of `npm run dev`. */
  NGROK_AUTHTOKEN: z.string().optional(),
});

export type Settings = z.infer<typeof settings>;
