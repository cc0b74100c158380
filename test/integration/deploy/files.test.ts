import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../../server/config/config.ts';
import { settings } from '../../../server/config/settings.ts';
import { testApp } from '../../../server/testing.ts';
import { realModeEnvironment } from '../../support/real-mode.ts';
import { lastStage, USER } from './container.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const image = lastStage();

/** The YAML documents of a file. */
function documentsOf(file: string): unknown[] {
  return parseAllDocuments(read(file), { merge: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** Texts, with what compose puts in the place of variables. */
const texts = z.record(
  z.string(),
  z.string().transform((text) => text.replaceAll(/\$\{.*?\}/g, 'password')),
);

const server = z.object({
  environment: texts,
  volumes: z.tuple([z.string()]),
  secrets: z.array(z.string()),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  stop_grace_period: z.string(),
});

const compose = z
  .object({
    services: z.object({
      'server-1': server,
      'server-2': server,
      postgres: z.object({ environment: texts }),
      caddy: z.object({ volumes: z.array(z.string()) }),
    }),
    secrets: z.record(z.string(), z.unknown()),
    volumes: z.record(z.string(), z.unknown()),
    networks: z.object({
      default: z.object({ ipam: z.object({ config: z.tuple([z.object({ subnet: z.string() })]) }) }),
    }),
  })
  .parse(documentsOf('deploy/compose.yaml')[0]);

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.number() }) });

const mount = z.object({ mountPath: z.string() });

const deployment = z
  .object({
    spec: z.object({
      replicas: z.literal(2),
      template: z.object({
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          securityContext: z.object({
            runAsNonRoot: z.literal(true),
            runAsUser: z.number(),
            fsGroup: z.number(),
          }),
          containers: z.tuple([
            z.object({
              env: z.array(z.object({ name: z.string(), value: z.string() })),
              ports: z.tuple([z.object({ containerPort: z.number() })]),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              securityContext: z.object({
                allowPrivilegeEscalation: z.literal(false),
                readOnlyRootFilesystem: z.literal(true),
              }),
              volumeMounts: z.tuple([mount, mount]),
            }),
          ]),
        }),
      }),
    }),
  })
  .parse(documentsOf('deploy/kubernetes.yaml')[0]);

/** The configuration of a server with these settings, beside those of an application. */
function configOf(environment: Record<string, string>) {
  expect(Object.keys(environment).filter((name) => !(name in settings.shape))).toEqual([]);
  const usual = realModeEnvironment('/data');
  // Their files are those of another machine.
  const result = parseConfig({ ...usual, HOST: '', ...environment }, () => usual.VONAGE_PRIVATE_KEY ?? '');
  if (!result.ok) throw new Error(result.faults.join('\n'));
  return result.config;
}

/** Seconds that a server gets to stop, of which it drains some and takes at most five for the rest. */
const lastsFor = (seconds: number, drain: number) => expect(seconds).toBeGreaterThanOrEqual(drain + 5);

describe('compose.yaml', () => {
  const { services } = compose;
  const server = services['server-1'];

  test('has two equal servers, with settings that the server takes', () => {
    expect(services['server-2']).toEqual(server);
    const { trustedProxies, drainSeconds, publicUrl } = configOf(server.environment);
    expect(trustedProxies).toEqual([compose.networks.default.ipam.config[0].subnet]);
    lastsFor(Number.parseInt(server.stop_grace_period, 10), drainSeconds);
    expect(read('deploy/Caddyfile')).toContain(`\n${publicUrl?.slice('https://'.length)} {`);
    const database = new URL(server.environment.DATABASE_URL ?? '');
    expect([database.hostname, database.username]).toEqual([
      'postgres',
      services.postgres.environment.POSTGRES_USER,
    ]);
  });

  test('keeps what the image writes in a volume of its own', () => {
    const [name, path] = server.volumes[0].split(':');
    expect([name !== undefined && name in compose.volumes, path]).toEqual([true, image.environment.DATA_DIR]);
    const key = server.environment.VONAGE_PRIVATE_KEY?.slice('/run/secrets/'.length) ?? '';
    expect([server.secrets, Object.keys(compose.secrets)]).toEqual([[key], [key]]);
  });
});

describe('kubernetes.yaml', () => {
  const pod = deployment.spec.template.spec;
  const [container] = pod.containers;

  test('runs the image as its user, with its port, its folder and settings that the server takes', () => {
    expect([pod.securityContext.runAsUser, pod.securityContext.fsGroup]).toEqual([USER, USER]);
    expect(container.ports[0].containerPort).toBe(Number(image.environment.PORT));
    const [data, key] = container.volumeMounts;
    expect(data.mountPath).toBe(image.environment.DATA_DIR);
    const keyFile = container.env.find(({ name }) => name === 'VONAGE_PRIVATE_KEY')?.value;
    expect(keyFile).toBe(`${key.mountPath}/private.key`);
    const { drainSeconds } = configOf(
      Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    );
    lastsFor(pod.terminationGracePeriodSeconds, drainSeconds);
  });

  test('asks a stopping server whether it lives and whether it takes requests, and restarts none for it', async () => {
    const stopping = new AbortController();
    const { app } = testApp({}, { stopping: stopping.signal });
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const statuses = () =>
      Promise.all(
        [startupProbe, livenessProbe, readinessProbe].map(
          async ({ httpGet }) => (await request(app).get(httpGet.path)).status,
        ),
      );
    expect(await statuses()).toEqual([200, 200, 200]);
    stopping.abort();
    expect(await statuses()).toEqual([200, 200, 503]);
  });
});

test.each(['nginx.conf', 'haproxy.cfg', 'Caddyfile', 'switchboard.service'])(
  'docs/deploy.md has the %s that the tests use',
  (file) => {
    expect(read('docs/deploy.md')).toContain(`\n${read(`deploy/${file}`)}\`\`\`\n`);
  },
);

test('every proxy sends requests to the servers of compose.yaml', () => {
  const servers = Object.keys(compose.services).filter((name) => name.startsWith('server'));
  for (const file of ['nginx.conf', 'haproxy.cfg', 'Caddyfile']) {
    const named = new Set(read(`deploy/${file}`).match(/server-\d(?=:3000)/g));
    expect([file, [...named].sort()]).toEqual([file, servers]);
  }
});
