import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../../server/store/store.ts';
import { StoreUnavailable } from '../../../server/store/store-unavailable.ts';
import { tables } from '../../../server/tables.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';

const PASSWORD = 'only-for-the-database';
const hasOpenSsl = spawnSync('openssl', ['version']).status === 0;

/** A certificate that signs itself. */
function makeCertificate(folder: string, name: string, host: string) {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const what = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${host}`, '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...how, ...what], { stdio: 'ignore' });
  return { cert, key };
}

describe.skipIf(!hasOpenSsl)('a database with TLS', () => {
  let folder: string;
  let postgres: TestPostgres;
  let url: URL;
  let certificates: Record<'right' | 'elsewhere', { cert: string; key: string }>;

  /** Has the database show a certificate from its next connection on; undefined: it speaks no TLS. */
  async function shows(certificate: { cert: string; key: string } | undefined): Promise<void> {
    if (certificate !== undefined) {
      const [{ data_directory: data = '' } = {}] = await postgres.query('show data_directory');
      const { uid, gid } = statSync(String(data));
      for (const [from, name] of [
        [certificate.cert, 'server.crt'],
        [certificate.key, 'server.key'],
      ] as const) {
        const file = join(String(data), name);
        cpSync(from, file);
        chmodSync(file, 0o600);
        chownSync(file, uid, gid);
      }
    }
    await postgres.query(`alter system set ssl = ${certificate === undefined ? 'off' : 'on'}`);
    await postgres.query('select pg_reload_conf()');
    await expect
      .poll(async () => (await postgres.query('show ssl'))[0]?.ssl)
      .toBe(certificate === undefined ? 'off' : 'on');
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-database-'));
    certificates = {
      right: makeCertificate(folder, 'right', 'IP:127.0.0.1'),
      elsewhere: makeCertificate(folder, 'elsewhere', 'DNS:db.example.com'),
    };
    writeFileSync(join(folder, 'garbage.crt'), 'no certificate');
    postgres = await startPostgres();
    url = new URL(await postgres.createDatabase());
    url.password = PASSWORD;
  }, 90_000);
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the server says of the store, and whether it can be used. */
  async function opened(query: string) {
    const lines: string[] = [];
    const place = {
      databaseUrl: `${url}?${query}`,
      dataDir: folder,
      tables,
      log: (line: string) => void lines.push(line),
    };
    const outcome = await openStore(place).then(
      async (store) => {
        try {
          await store.check();
          return 'works';
        } catch (error) {
          return error instanceof StoreUnavailable ? 'is tried again' : error;
        } finally {
          await store.close();
        }
      },
      (error: Error) => {
        lines.push(error.message);
        return 'does not start';
      },
    );
    expect(lines.join()).not.toContain(PASSWORD);
    return [outcome, lines.join('\n')];
  }

  test('is used if its certificate is trusted', async () => {
    await shows(certificates.right);
    expect(await opened(`sslmode=verify-full&sslrootcert=${certificates.right.cert}`)).toEqual(['works', '']);
  });

  test.each([
    ['its authority is not known', 'right', 'sslmode=verify-full', /self-signed certificate/],
    ['it is of another authority', 'right', 'sslmode=verify-full&sslrootcert=elsewhere', /certificate/],
    [
      'it is for another host',
      'elsewhere',
      'sslmode=verify-full&sslrootcert=elsewhere',
      /does not match certificate/,
    ],
    ['it has none', undefined, 'sslmode=verify-full&sslrootcert=right', /does not support SSL/],
    ['sslrootcert is no certificate', 'right', 'sslmode=verify-full&sslrootcert=garbage', /certificate|PEM/i],
  ] as const)(
    'is not used if %s, which the server says, and it tries again',
    async (_, shown, query, words) => {
      await shows(shown && certificates[shown]);
      const [outcome, said] = await opened(
        query.replace(/sslrootcert=(\w+)/, (_all, name) => `sslrootcert=${join(folder, `${name}.crt`)}`),
      );
      expect([outcome, said]).toEqual(['is tried again', expect.stringMatching(words)]);
    },
  );

  test('that takes no connection without TLS is not used without, and the server does not start', async () => {
    await shows(certificates.right);
    const [{ hba_file: file = '' } = {}] = await postgres.query('show hba_file');
    const { uid, gid } = statSync(String(file));
    writeFileSync(String(file), 'hostssl all all all trust\n');
    chownSync(String(file), uid, gid);
    await postgres.query('select pg_reload_conf()');
    await expect.poll(() => opened('')).toEqual(['does not start', expect.stringMatching(/no encryption/)]);
  });
});
