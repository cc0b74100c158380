import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../emulator/listen.ts';
import { createPlatform } from '../../emulator/platform.ts';

const run = promisify(execFile);
const FOLDER = resolve(import.meta.dirname, 'sdks');
const TABLE = resolve(import.meta.dirname, '../../docs/emulator-sdks.md');
/** Writes into the table what was tried, where it is set; else the table must say just that. */
const UPDATE = process.env.UPDATE_SDK_TABLE !== undefined;

const {
  VONAGE_PHP_AUTOLOAD: phpAutoload = '',
  VONAGE_JAVA_CLASSPATH: javaClasspath = '',
  VONAGE_JAVA_VERSION: javaVersion = '',
} = process.env;

interface Sdk {
  language: string;
  isThere: () => boolean;
  /** The program and its arguments. */
  command: (folder: string) => Promise<[string, string[]]>;
}

const succeeds = (command: string, args: string[]) => spawnSync(command, args).status === 0;

/** SDKs that need more than to be installed are found by the environment; see the trial programs. */
const SDKS: Sdk[] = [
  {
    language: 'Node',
    isThere: () => true,
    command: async () => [process.execPath, [join(FOLDER, 'trial.mjs')]],
  },
  {
    language: 'Python',
    isThere: () => succeeds('python3', ['-c', 'import vonage']),
    command: async () => ['python3', [join(FOLDER, 'trial.py')]],
  },
  {
    language: 'Ruby',
    isThere: () => succeeds('ruby', ['-e', 'require "vonage"']),
    command: async () => ['ruby', [join(FOLDER, 'trial.rb')]],
  },
  {
    language: 'PHP',
    isThere: () => phpAutoload !== '' && succeeds('php', ['--version']),
    command: async () => ['php', [join(FOLDER, 'trial.php')]],
  },
  {
    language: 'Java',
    isThere: () => javaClasspath !== '' && javaVersion !== '',
    async command(folder) {
      await run('javac', ['-nowarn', '-cp', javaClasspath, '-d', folder, join(FOLDER, 'Trial.java')]);
      return ['java', ['-cp', [javaClasspath, folder].join(delimiter), 'Trial']];
    },
  },
];

/** An application that answers everything with an NCCO that keeps the call up. */
async function startApplication(): Promise<string> {
  const http = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ action: 'wait', timeout: 600 }]));
  });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}/`;
}

/** The row of the table: version, how many methods were tried, how many work, and which do not. */
function rowOf(language: string, printed: string): string {
  const lines = printed.split('\n');
  const version = /^version (\S+)/m.exec(printed)?.[1] ?? 'unknown';
  const worked = lines.filter((line) => line.startsWith('ok '));
  const failed = lines.flatMap((line) => /^failed (\S+)/.exec(line)?.[1] ?? []);
  const words = failed.length === 0 ? '' : failed.map((name) => `\`${name}\``).join(', ');
  return `| ${language} | ${version} | ${worked.length + failed.length} | ${worked.length} | ${words} |`;
}

for (const { language, isThere, command } of SDKS) {
  test.runIf(isThere())(
    `the table of SDKs says what Vonage’s SDK for ${language} can do here`,
    async () => {
      const application = await startApplication();
      await using platform = await createPlatform({ tls: true, limits: false, eventUrl: application });
      const { number } = platform.phone('447700900123', { does: 'answer' });
      const folder = await mkdtemp(join(tmpdir(), 'trial-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const [program, args] = await command(folder);
      const { stdout } = await run(program, args, {
        env: {
          ...process.env,
          EMULATOR: platform.url.replace('https:', 'http:'),
          APPLICATION: application,
          PHONE: number,
          REQUESTS_CA_BUNDLE: platform.authority,
          SSL_CERT_FILE: platform.authority,
        },
      });
      const row = rowOf(language, stdout);
      const table = await readFile(TABLE, 'utf8');
      const known = table.split('\n').find((line) => line.startsWith(`| ${language} |`)) ?? '';
      if (UPDATE) await writeFile(TABLE, table.replace(known, row));
      else expect(row, stdout).toBe(known);
    },
    120_000,
  );
}
