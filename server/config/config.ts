import type { DeskBasis } from '../../domain/desk/built-in.ts';
import { speaks } from '../../domain/desk/texts.ts';
import { parseAccessCodes } from './access-code-list.ts';
import type { OpenIdSettings } from './openid-settings.ts';
import { type ReadText, readPrivateKey } from './private-key.ts';
import { type Settings, secretNames, settings } from './settings.ts';

/** The platform that runs inside this process when no Vonage application is named. */
export interface EmulatorSettings {
  kind: 'emulator';
  port: number;
  portIsFixed: boolean;
  /** The number to dial, and the one that the phone page calls from. E.164 without `+`. */
  number: string;
  caller: string;
  /** File for its applications, numbers and users; undefined: they are not kept. */
  state: string | undefined;
}

/** A Vonage application, at Vonage or at a compatible platform. */
export interface VonageSettings {
  kind: 'vonage';
  applicationId: string;
  /** PEM. */
  privateKey: string;
  /** Base address of a platform other than Vonage's own. */
  apiUrl: string | undefined;
  region: 'us' | 'eu' | 'ap' | undefined;
  number: string | undefined;
  /** By agent; undefined if they are generated and kept in the data directory. */
  accessCodes: ReadonlyMap<string, string> | undefined;
}

/** All settings, validated. */
export interface Config {
  port: number;
  /** Whether the port is configured, so that no other one may be used. */
  portIsFixed: boolean;
  /** Undefined: every interface. */
  host: string | undefined;
  /** URL at which Vonage and the agents reach this server, without a trailing slash. */
  publicUrl: string | undefined;
  /** Addresses and networks of proxies on other machines. */
  trustedProxies: readonly string[];
  /** For how long the server still takes requests after it said that it stops. */
  drainSeconds: number;
  /** What Vonage takes from this application in a second: new calls, and other requests. */
  pace: { calls: number; others: number };
  platform: EmulatorSettings | VonageSettings;
  agents: readonly [string, ...string[]];
  /** `direct`: one agent is called. `desk`: callers wait in queues for a team. */
  routing: 'direct' | 'desk';
  /** Path of the desk file; undefined: the desk's built-in rules. */
  deskFile: string | undefined;
  waitMessage: string;
  voiceLanguage: string | undefined;
  /** Whether callers whom nobody answers may leave a message. */
  takesMessages: boolean;
  /** Where names of callers are looked up; undefined: nowhere. */
  contactLookupUrl: string | undefined;
  /** An address with `{number}` where people read more about a caller; undefined: none. */
  contactLink: string | undefined;
  /** How people sign in with an identity provider; undefined: they do not. */
  openId: OpenIdSettings | undefined;
  /** Where hooks are sent, and the secrets that sign them; undefined: nowhere. */
  hooks: { urls: readonly string[]; secrets: readonly string[] } | undefined;
  /** `postgres://…`; undefined: a SQLite file in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  /** Days after which calls are deleted; undefined: never. */
  retentionDays: number | undefined;
  /** Days after which entries of the audit trail are deleted. */
  auditDays: number;
  /** Each webhook must be signed with one of these secrets; empty: signatures are not checked. */
  signatureSecrets: readonly string[];
  /** The account that must have signed them, if known. */
  apiKey: string | undefined;
  logFormat: 'pretty' | 'json';
  /** Whether phone numbers are printed in full. */
  logNumbers: 'full' | 'masked';
  /** Bearer token for the metrics; undefined: only local programs may read them. */
  metricsToken: string | undefined;
  /** Warnings about settings, one line each. */
  warnings: readonly string[];
}

const USUAL_PORT = 3000;
/** The desk file, if DESK_FILE names no other. */
export const USUAL_DESK_FILE = 'desk.yaml';
export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment into a Config, or returns everything that is wrong, one line each. An empty variable
 * counts as not set, except AGENTS, which must name someone.
 * @param usualDeskFile USUAL_DESK_FILE where it exists
 */
export function parseConfig(env: Environment, readText: ReadText, usualDeskFile?: string): ConfigResult {
  const given = Object.fromEntries(
    Object.keys(settings.shape)
      .map((name) => [name, env[name]?.trim()])
      .filter(([name, value]) => value !== undefined && (value !== '' || name === 'AGENTS')),
  );
  const parsed = settings.safeParse(given);
  const faults = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    // A URL may contain a password.
    const isSecret = secretNames.has(name) || given[name]?.includes('@');
    return `${name} ${issue.message}${isSecret ? '' : `, but is ${quoted(given[name])}`}`;
  });
  faults.push(...contradictions(given), ...certificateFaults(given.DATABASE_URL, readText));

  let privateKey = '';
  let accessCodes: ReadonlyMap<string, string> | undefined;
  try {
    if (given.VONAGE_PRIVATE_KEY) privateKey = readPrivateKey(given.VONAGE_PRIVATE_KEY, readText);
  } catch (error) {
    faults.push(`VONAGE_PRIVATE_KEY ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
  // Parsed separately, to report wrong codes together with everything else.
  const named = settings.shape.AGENTS.safeParse(given.AGENTS);
  const agents = named.success ? (named.data ?? (['Alice'] as const)) : undefined;
  if (given.AGENT_CODES && agents) {
    const list = parseAccessCodes(given.AGENT_CODES, agents);
    if (list.ok) accessCodes = list.codes;
    else faults.push(...list.faults.map((fault) => `AGENT_CODES ${fault}`));
  }

  const deskFile = given.DESK_FILE ?? usualDeskFile;
  const routing =
    settings.shape.ROUTING.safeParse(given.ROUTING).data ?? usualRouting(given, agents, deskFile);
  if (routing === 'desk') faults.push(...missingForDesk(given));

  if (!parsed.success || agents === undefined || faults.length > 0) return { ok: false, faults };
  const { data } = parsed;
  const platform = platformOf(data, privateKey, accessCodes);
  return {
    ok: true,
    config: {
      port: data.PORT ?? USUAL_PORT,
      portIsFixed: data.PORT !== undefined,
      host: data.HOST ?? (platform.kind === 'emulator' ? '127.0.0.1' : undefined),
      publicUrl: data.PUBLIC_URL,
      trustedProxies: data.TRUSTED_PROXIES ?? [],
      drainSeconds: data.DRAIN_SECONDS ?? 0,
      pace: { calls: data.VONAGE_CALLS_PER_SECOND ?? 3, others: data.VONAGE_REQUESTS_PER_SECOND ?? 15 },
      platform,
      agents,
      routing,
      deskFile,
      waitMessage: data.WAIT_MESSAGE ?? 'Please wait while we connect you to an agent',
      voiceLanguage: data.VOICE_LANGUAGE,
      takesMessages: data.VOICEMAIL !== 'off',
      contactLookupUrl: data.CONTACT_LOOKUP_URL,
      contactLink: data.CONTACT_LINK,
      openId: openIdOf(data),
      hooks:
        data.HOOK_URL && data.HOOK_SECRET ? { urls: data.HOOK_URL, secrets: data.HOOK_SECRET } : undefined,
      databaseUrl: data.DATABASE_URL,
      dataDir: data.DATA_DIR ?? 'data',
      retentionDays: data.RETENTION_DAYS,
      auditDays: data.AUDIT_DAYS ?? 365,
      signatureSecrets: data.VONAGE_SIGNATURE_SECRET ?? [],
      apiKey: data.VONAGE_API_KEY,
      logFormat: data.LOG_FORMAT ?? 'pretty',
      logNumbers: data.LOG_NUMBERS ?? 'full',
      metricsToken: data.METRICS_TOKEN,
      warnings: warningsFor(data, routing, deskFile),
    },
  };
}

function openIdOf(data: Settings): OpenIdSettings | undefined {
  const { OPENID_ISSUER: issuer, OPENID_CLIENT_ID: clientId } = data;
  if (issuer === undefined || clientId === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret: data.OPENID_CLIENT_SECRET,
    scope: data.OPENID_SCOPE ?? 'openid profile email',
    nameClaim: data.OPENID_NAME_CLAIM ?? 'preferred_username',
    rolesClaim: data.OPENID_ROLES_CLAIM ?? 'roles',
    roles: data.OPENID_ROLES,
  };
}

function platformOf(
  data: Settings,
  privateKey: string,
  accessCodes: ReadonlyMap<string, string> | undefined,
): EmulatorSettings | VonageSettings {
  if (data.VONAGE_APPLICATION_ID === undefined) {
    return {
      kind: 'emulator',
      port: data.EMULATOR_PORT ?? 3001,
      portIsFixed: data.EMULATOR_PORT !== undefined,
      number: data.EMULATOR_NUMBER ?? '442038297050',
      caller: data.EMULATOR_CALLER ?? '447700900000',
      state: data.EMULATOR_STATE,
    };
  }
  return {
    kind: 'vonage',
    applicationId: data.VONAGE_APPLICATION_ID,
    privateKey,
    apiUrl: data.VONAGE_API_URL,
    region: data.VONAGE_REGION,
    number: data.VONAGE_NUMBER,
    accessCodes,
  };
}

/** Checks the files that the driver reads when it connects, because it would end the process if it cannot. */
function certificateFaults(databaseUrl: string | undefined, readText: ReadText): string[] {
  const parameters = URL.parse(databaseUrl ?? '')?.searchParams;
  return ['sslrootcert', 'sslcert', 'sslkey'].flatMap((name) => {
    const path = parameters?.get(name);
    if (path === undefined || path === null || path === '') return [];
    try {
      readText(path);
      return [];
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      return [`DATABASE_URL has ${name}=${quoted(path)}, a file that cannot be read (${code})`];
    }
  });
}

/**
 * What the desk file refers to. Vonage speaks American English where no language is set.
 * @param agents all of whom the file may name
 */
export function basisOf(
  { waitMessage, voiceLanguage, platform }: Config,
  agents: readonly string[],
): DeskBasis {
  return {
    agents,
    greeting: waitMessage,
    language: voiceLanguage ?? 'en-US',
    number: platform.number,
    isEmulated: platform.kind === 'emulator',
  };
}

/** Combinations of variables that make no sense. */
function contradictions(given: Environment): string[] {
  const faults: string[] = [];
  const needs = (name: string, other: string) => {
    if (given[name] && !given[other]) faults.push(`${name} is set, but ${other} is not`);
  };
  needs('VONAGE_APPLICATION_ID', 'VONAGE_PRIVATE_KEY');
  needs('VONAGE_PRIVATE_KEY', 'VONAGE_APPLICATION_ID');
  needs('VONAGE_API_SECRET', 'VONAGE_API_KEY');
  needs('OPENID_ISSUER', 'OPENID_CLIENT_ID');
  needs('OPENID_CLIENT_ID', 'OPENID_ISSUER');
  needs('OPENID_CLIENT_SECRET', 'OPENID_CLIENT_ID');
  needs('OPENID_ISSUER', 'PUBLIC_URL');
  needs('OPENID_ISSUER', 'VONAGE_APPLICATION_ID');
  needs('HOOK_URL', 'HOOK_SECRET');
  needs('HOOK_SECRET', 'HOOK_URL');
  const emulated = !given.VONAGE_APPLICATION_ID && !given.VONAGE_PRIVATE_KEY;
  if (emulated && given.VONAGE_API_URL) {
    faults.push('VONAGE_API_URL is set, but VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY are not');
  }
  if (emulated && given.HOST && !isLoopback(given.HOST)) {
    faults.push(
      `HOST must be 127.0.0.1, ::1 or localhost while the emulator runs, because nobody signs in there, but is ${quoted(given.HOST)}`,
    );
  }
  const port = given.PORT ?? String(USUAL_PORT);
  if (emulated && port !== '0' && port === given.EMULATOR_PORT) {
    faults.push(`PORT and EMULATOR_PORT must differ, but both are ${quoted(port)}`);
  }
  return faults;
}

/** A desk if there is a team, and Vonage can be told where this server is. */
function usualRouting(
  given: Environment,
  agents: readonly string[] | undefined,
  deskFile: string | undefined,
): Config['routing'] {
  if (deskFile !== undefined) return 'desk';
  const isTeam = agents !== undefined && agents.length > 1;
  return isTeam && isReachable(given) ? 'desk' : 'direct';
}

/** Vonage is told where to ask next while nobody asks, so the address cannot be taken from a request. */
function isReachable(given: Environment): boolean {
  return !given.VONAGE_APPLICATION_ID || Boolean(given.VONAGE_API_URL || given.PUBLIC_URL);
}

function missingForDesk(given: Environment): string[] {
  if (isReachable(given)) return [];
  const why = given.ROUTING ? 'ROUTING is desk' : 'there is a desk file';
  return [
    `PUBLIC_URL is not set, but ${why}: Vonage must be told where this server is. Set it, or ROUTING=direct`,
  ];
}

function warningsFor(data: Settings, routing: Config['routing'], deskFile: string | undefined): string[] {
  const warnings: string[] = [];
  const [first, second] = data.AGENTS ?? [];
  if (routing === 'direct' && data.ROUTING === undefined && second !== undefined) {
    warnings.push(
      `PUBLIC_URL is not set, so all calls go to ${first}. Set it, and callers wait in a queue for every agent.`,
    );
  }
  if (routing === 'direct' && deskFile !== undefined) {
    warnings.push(`Only outbound of ${deskFile} is used, because ROUTING is direct.`);
  }
  const language = data.VOICE_LANGUAGE;
  if (routing === 'desk' && deskFile === undefined && language !== undefined && !speaks(language)) {
    warnings.push(
      `VOICE_LANGUAGE is ${language}, but callers hear the desk's English texts: write your own in a desk file.`,
    );
  }
  if (data.VONAGE_APPLICATION_ID !== undefined && data.VONAGE_SIGNATURE_SECRET === undefined) {
    warnings.push(
      'VONAGE_SIGNATURE_SECRET is not set: anyone who knows the webhook URLs can send webhooks to this server.',
    );
  }
  return warnings;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function quoted(value: string | undefined): string {
  const text = value ?? '';
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
