import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateKey, realMode } from '../testing.ts';
import { parseConfig } from './config.ts';
import { settings } from './settings.ts';

const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

function readText(path: string): string {
  if (path === 'private.key') return privateKey;
  if (path === 'note.txt') return 'not a key';
  throw Object.assign(new Error('no'), { code: path === 'locked.key' ? 'EACCES' : 'ENOENT' });
}

function config(env: Record<string, string>) {
  const result = parseConfig(env, readText);
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}

function faults(env: Record<string, string>): readonly string[] {
  const result = parseConfig(env, readText);
  return result.ok ? [] : result.faults;
}

describe('without any setting', () => {
  it('the emulator runs on loopback, and Alice answers', () => {
    expect(config({})).toMatchObject({
      port: 3000,
      portIsFixed: false,
      host: '127.0.0.1',
      agents: ['Alice'],
      waitMessage: 'Please wait while we connect you to an agent',
      logFormat: 'pretty',
      platform: {
        kind: 'emulator',
        port: 3001,
        portIsFixed: false,
        number: '442038297050',
        caller: '447700900000',
      },
      warnings: [],
    });
  });

  it('empty settings count as not set', () => {
    expect(config({ PORT: '', HOST: ' ', VONAGE_APPLICATION_ID: '', VONAGE_PRIVATE_KEY: '' })).toEqual(
      config({}),
    );
  });
});

describe('settings', () => {
  it('select a Vonage application, on all interfaces', () => {
    const { platform, host } = config({
      ...realMode,
      VONAGE_NUMBER: '+44 20 3829 7050',
      VONAGE_REGION: 'eu',
    });
    expect(host).toBeUndefined();
    expect(platform).toMatchObject({
      kind: 'vonage',
      applicationId: realMode.VONAGE_APPLICATION_ID,
      privateKey,
      region: 'eu',
      number: '442038297050',
      accessCodes: new Map([
        ['Alice', 'open sesame'],
        ['Bob', 'correct horse'],
      ]),
    });
  });

  it('may contain the key itself on one line', () => {
    const { platform } = config({ ...realMode, VONAGE_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n') });
    expect(platform).toMatchObject({ privateKey });
  });

  it('without codes have the codes generated', () => {
    const { AGENT_CODES: _, ...withoutCodes } = realMode;
    expect(config(withoutCodes).platform).toMatchObject({ accessCodes: undefined });
  });

  it.each([
    [{ PORT: '8080' }, { port: 8080, portIsFixed: true }],
    [{ AGENTS: ' Alice , Bob,' }, { agents: ['Alice', 'Bob'] }],
    [{ PUBLIC_URL: 'https://calls.example.com/' }, { publicUrl: 'https://calls.example.com' }],
    [
      { TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8,192.0.2.1,::ffff:10.0.0.0/104,fe80::1%eth0' },
      { trustedProxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1', '::ffff:10.0.0.0/104', 'fe80::1%eth0'] },
    ],
    [{ DRAIN_SECONDS: '5' }, { drainSeconds: 5 }],
    [{}, { pace: { calls: 3, others: 15 } }],
    [
      { VONAGE_CALLS_PER_SECOND: '30', VONAGE_REQUESTS_PER_SECOND: '150' },
      { pace: { calls: 30, others: 150 } },
    ],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ VOICE_LANGUAGE: 'es-ES' }, { voiceLanguage: 'es-ES' }],
    [{ LOG_FORMAT: 'json' }, { logFormat: 'json' }],
    [{ METRICS_TOKEN: 'sixteen-letters-' }, { metricsToken: 'sixteen-letters-' }],
    [{ EMULATOR_PORT: '0' }, { platform: { port: 0, portIsFixed: true, state: undefined } }],
    [{ EMULATOR_STATE: 'kept.json' }, { platform: { state: 'kept.json' } }],
  ])('%o are accepted', (env, expected) => {
    expect(config(env)).toMatchObject(expected);
  });

  it('that leave the webhooks unprotected cause a warning', () => {
    expect(config(realMode).warnings).toEqual([
      'VONAGE_SIGNATURE_SECRET is not set: anyone who knows the webhook URLs can send webhooks to this server.',
    ]);
    expect(config({ ...realMode, VONAGE_SIGNATURE_SECRET: 'new' }).warnings).toEqual([]);
    expect(config({}).warnings).toEqual([]);
  });

  it('accept one signature secret, or two during rotation', () => {
    const secrets = (text: string) => config({ ...realMode, VONAGE_SIGNATURE_SECRET: text }).signatureSecrets;
    expect(secrets('one')).toEqual(['one']);
    expect(secrets('new, old')).toEqual(['new', 'old']);
    expect(config(realMode).signatureSecrets).toEqual([]);
  });
});

describe('a fault', () => {
  const key = { VONAGE_APPLICATION_ID: 'a' };
  const langs = 'must be a language tag, like en-GB or es-ES';
  it.each<[Record<string, string>, string]>([
    [{ PORT: 'abc' }, 'PORT must be a whole number from 0 to 65535, but is "abc"'],
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535, but is "70000"'],
    [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535, but is "-1"'],
    [{ PORT: '3000', EMULATOR_PORT: '3000' }, 'PORT and EMULATOR_PORT must differ, but both are "3000"'],
    ...[
      '10.0.0.0/33',
      '0.0.0.0/0',
      'fd00::/129',
      'proxy.example.com',
      '10.0.0.1/8/8',
      '::ffff:0:0/96',
      '::ffff:10.0.0.0/8',
    ].map((proxies): [Record<string, string>, string] => [
      { TRUSTED_PROXIES: proxies },
      `TRUSTED_PROXIES must be IP addresses or networks like 10.0.0.0/8, separated by commas, and not all addresses at once, but is "${proxies}"`,
    ]),
    [{ DRAIN_SECONDS: '61' }, 'DRAIN_SECONDS must be a whole number of seconds up to 60, but is "61"'],
    ...['0', '-3', '1.5', '10000', 'many'].map((calls): [Record<string, string>, string] => [
      { VONAGE_CALLS_PER_SECOND: calls },
      `VONAGE_CALLS_PER_SECOND must be a whole number from 1 to 9999, but is "${calls}"`,
    ]),
    [{ AGENTS: '' }, 'AGENTS must name at least one agent, but is ""'],
    [{ AGENTS: ' , ' }, 'AGENTS must name at least one agent, but is ","'],
    [{ AGENTS: 'Alice,Alice' }, 'AGENTS must not name anybody twice, but is "Alice,Alice"'],
    [
      { AGENTS: 'Al/ice' },
      'AGENTS must be names of letters, digits and . _ @ -, at most 64 characters each, separated by commas, but is "Al/ice"',
    ],
    [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT must be pretty or json, but is "xml"'],
    [{ VONAGE_REGION: 'mars' }, 'VONAGE_REGION must be us, eu or ap, but is "mars"'],
    [{ VOICE_LANGUAGE: 'en_GB!' }, `VOICE_LANGUAGE ${langs}, but is "en_GB!"`],
    [
      { WAIT_MESSAGE: 'x'.repeat(1501) },
      `WAIT_MESSAGE must have at most 1500 characters, but is "${'x'.repeat(60)}…"`,
    ],
    [
      { PUBLIC_URL: 'calls.example.com' },
      'PUBLIC_URL must be an http or https address without a path, query, fragment or credentials, but is "calls.example.com"',
    ],
    [
      { PUBLIC_URL: 'https://x.org/a' },
      'PUBLIC_URL must be an http or https address without a path, query, fragment or credentials, but is "https://x.org/a"',
    ],
    [
      { EMULATOR_NUMBER: 'me' },
      'EMULATOR_NUMBER must be a phone number in E.164, like 442038297050, but is "me"',
    ],
    [
      { HOST: '0.0.0.0' },
      'HOST must be 127.0.0.1, ::1 or localhost while the emulator runs, because nobody signs in there, but is "0.0.0.0"',
    ],
    [{ VONAGE_APPLICATION_ID: 'a' }, 'VONAGE_APPLICATION_ID is set, but VONAGE_PRIVATE_KEY is not'],
    [{ VONAGE_PRIVATE_KEY: 'private.key' }, 'VONAGE_PRIVATE_KEY is set, but VONAGE_APPLICATION_ID is not'],
    [{ ROUTING: 'queue' }, 'ROUTING must be direct or desk, but is "queue"'],
    [
      { ...realMode, ROUTING: 'desk' },
      'PUBLIC_URL is not set, but ROUTING is desk: Vonage must be told where this server is. Set it, or ROUTING=direct',
    ],
    [
      { ...realMode, ROUTING: '', DESK_FILE: 'team.yaml' },
      'PUBLIC_URL is not set, but there is a desk file: Vonage must be told where this server is. Set it, or ROUTING=direct',
    ],
    [
      { VONAGE_SIGNATURE_SECRET: 'a,b,c' },
      'VONAGE_SIGNATURE_SECRET must be one secret, or two separated by a comma',
    ],
    [
      { DATABASE_URL: 'mysql://user:hidden@db' },
      'DATABASE_URL must be an address that begins with postgres://',
    ],
    [{ RETENTION_DAYS: '0' }, 'RETENTION_DAYS must be a whole number of days from 1 on, but is "0"'],
    [
      { VONAGE_API_URL: 'http://127.0.0.1:3001' },
      'VONAGE_API_URL is set, but VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY are not',
    ],
    [{ ...key, VONAGE_PRIVATE_KEY: 'gone.key' }, 'VONAGE_PRIVATE_KEY names "gone.key", which does not exist'],
    [
      { ...key, VONAGE_PRIVATE_KEY: 'locked.key' },
      'VONAGE_PRIVATE_KEY names "locked.key", which cannot be read (EACCES)',
    ],
    [
      { ...key, VONAGE_PRIVATE_KEY: 'note.txt' },
      'VONAGE_PRIVATE_KEY names a file that contains no usable private key',
    ],
    [
      { ...key, VONAGE_PRIVATE_KEY: ecKey },
      'VONAGE_PRIVATE_KEY must be an RSA key, as Vonage generates it, but is of type ec',
    ],
    [{ ...realMode, AGENT_CODES: 'Alice:open sesame' }, 'AGENT_CODES has no code for Bob'],
    [
      { ...realMode, AGENT_CODES: 'Alice:open sesame,Bob:short' },
      'AGENT_CODES must have at least 8 characters in the code of Bob',
    ],
    [
      { ...realMode, AGENT_CODES: 'Alice:open sesame,Bob:correct horse,Eve:longenough' },
      'AGENT_CODES entry 3 is for somebody who is not in AGENTS',
    ],
    [
      { ...realMode, AGENT_CODES: 'Alice:open sesame,Bob:correct horse,Bob:correct horse' },
      'AGENT_CODES has two codes for Bob',
    ],
    [
      { ...realMode, AGENT_CODES: 'Alice:open sesame,Bob:correct horse,what' },
      'AGENT_CODES entry 3 must be written as name:code',
    ],
  ])('%# has a readable message', (env, fault) => {
    expect(faults(env)).toEqual([fault]);
  });

  it('comes with all the others', () => {
    expect(faults({ PORT: 'x', AGENTS: '', VONAGE_APPLICATION_ID: 'a', LOG_FORMAT: 'loud' })).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "x"',
      'AGENTS must name at least one agent, but is ""',
      'LOG_FORMAT must be pretty or json, but is "loud"',
      'VONAGE_APPLICATION_ID is set, but VONAGE_PRIVATE_KEY is not',
    ]);
  });

  it('cannot forge a line', () => {
    expect(faults({ PORT: '1\n  - HOST is wrong' })).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "1\\n  - HOST is wrong"',
    ]);
  });

  it('never quotes a secret', () => {
    const broken = privateKey.slice(30).replaceAll('\n', '');
    const words = [
      ...faults({ ...key, VONAGE_PRIVATE_KEY: broken }),
      ...faults({ ...key, VONAGE_PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\\n${broken}` }),
      ...faults({ ...realMode, AGENT_CODES: 'Alice:hunter2,Bob:hunter3,Eve:secretsecret' }),
      ...faults({ METRICS_TOKEN: 'hunter4' }),
    ].join('\n');
    expect(words).toContain('VONAGE_PRIVATE_KEY names a file, which does not exist');
    expect(words).toContain('METRICS_TOKEN must have at least 16 characters');
    expect(words).toContain('contains no usable private key: write it on one line');
    expect(words).not.toMatch(/hunter|secretsecret/);
    expect(words).not.toContain(broken.slice(100, 120));
  });
});

describe('the routing', () => {
  const routed = (env: Record<string, string>, usualDeskFile?: string) => {
    const result = parseConfig(env, readText, usualDeskFile);
    if (!result.ok) throw new Error(result.faults.join('\n'));
    const { routing, deskFile, warnings } = result.config;
    return { routing, deskFile, warnings };
  };
  const warnings: string[] = [];

  it('is direct for one agent, and a desk where there is a desk file', () => {
    expect(routed({})).toEqual({ routing: 'direct', deskFile: undefined, warnings });
    expect(routed({}, 'desk.yaml')).toEqual({ routing: 'desk', deskFile: 'desk.yaml', warnings });
    expect(routed({ DESK_FILE: 'team.yaml' }, 'desk.yaml')).toMatchObject({ deskFile: 'team.yaml' });
  });

  it('is what ROUTING says', () => {
    expect(routed({ ROUTING: 'desk' })).toEqual({ routing: 'desk', deskFile: undefined, warnings });
    expect(routed({ ROUTING: 'direct', AGENTS: 'Alice,Bob' }, 'desk.yaml')).toEqual({
      routing: 'direct',
      deskFile: 'desk.yaml',
      warnings: ['Only outbound of desk.yaml is used, because ROUTING is direct.'],
    });
  });

  it('by a desk needs no public address with an emulator', () => {
    const emulated = { ...realMode, VONAGE_API_URL: 'http://127.0.0.1:3001' };
    expect(routed({ ...emulated, ROUTING: 'desk' }).routing).toBe('desk');
    expect(routed({ ...realMode, PUBLIC_URL: 'https://x.org', ROUTING: 'desk' }).routing).toBe('desk');
  });

  it('by a desk warns of a language that it does not speak', () => {
    expect(routed({ ROUTING: 'desk', VOICE_LANGUAGE: 'la' }).warnings).toEqual([
      "VOICE_LANGUAGE is la, but callers hear the desk's English texts: write your own in a desk file.",
    ]);
    expect(routed({ ROUTING: 'desk', VOICE_LANGUAGE: 'es-ES' }).warnings).toEqual([]);
  });
});

describe('.env.example', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8').split('\n');
  const examples: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^# ([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) examples[name] = value;
  }

  it('explains every setting, and no other', () => {
    expect(Object.keys(examples).toSorted()).toEqual(Object.keys(settings.shape).toSorted());
  });

  it('shows values that are valid, and sets nothing by itself', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(faults({ ...examples, AGENTS: 'Alice,Bob' })).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    'https://calls.example.com/#',
    'https://calls.example.com/?',
    'https://calls.example.com#agents',
    'https://calls.example.com?a=1',
    'https://@calls.example.com',
    'https://user:secret@calls.example.com',
    'https://calls.example.com\\x',
  ])('are rejected with more than an origin: %s', (text) => {
    const [fault = '', ...more] = faults({ PUBLIC_URL: text });
    expect(fault).toContain(
      'PUBLIC_URL must be an http or https address without a path, query, fragment or credentials',
    );
    expect(fault).not.toContain('secret');
    expect(more).toEqual([]);
  });

  it.each(['sslrootcert', 'sslcert', 'sslkey'])('of a database may not name a missing %s', (name) => {
    const url = `postgres://user:secret@db.example.com/switchboard?${name}=`;
    expect(faults({ DATABASE_URL: `${url}/missing.pem` })).toEqual([
      `DATABASE_URL has ${name}="/missing.pem", a file that cannot be read (ENOENT)`,
    ]);
    expect(config({ DATABASE_URL: `${url}note.txt` }).databaseUrl).toBe(`${url}note.txt`);
  });
});
