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

/** What a trial program printed. */
function readTrial(printed: string) {
  const lines = printed.split('\n');
  return {
    version: /^version (\S+)/m.exec(printed)?.[1] ?? 'unknown',
    worked: lines.filter((line) => line.startsWith('ok ')).length,
    failed: lines.flatMap((line) => /^failed (\S+)/.exec(line)?.[1] ?? []),
  };
}

/** The row of the table: version, how many methods were tried, how many work, and which do not. */
function rowOf(language: string, { version, worked, failed }: ReturnType<typeof readTrial>): string {
  const words = failed.map((name) => `\`${name}\``).join(', ');
  return `| ${language} | ${version} | ${worked + failed.length} | ${worked} | ${words} |`;
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
      const trial = readTrial(stdout);
      const row = rowOf(language, trial);
      const table = await readFile(TABLE, 'utf8');
      const known = table.split('\n').find((line) => line.startsWith(`| ${language} |`)) ?? '';
      if (UPDATE) await writeFile(TABLE, table.replace(known, row));
      else if (known.includes(`| ${trial.version} |`)) expect(row, stdout).toBe(known);
      // Another version of the SDK than the table's: it must do as much.
      else expect(trial.failed.filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
    },
    120_000,
  );
}
