import { parseArgs } from 'node:util';
import { createPlatform } from '../platform.ts';
import { type Command, PROGRAM } from './command.ts';
import { PLATFORM_OPTIONS, PLATFORM_USAGE, readPlatformOptions } from './platform-options.ts';

const USAGE = `Runs an emulated Vonage Voice platform on this machine, for an application in any language.

  ${PROGRAM} [serve] [options]
  ${PROGRAM} run FILE        runs a scenario: --help after "run" says more
  ${PROGRAM} trigger EVENT   sends one event: --help after "trigger" says more

${PLATFORM_USAGE}
  --help               show this help

Point your application to the address that the emulator prints (in Switchboard: VONAGE_API_URL), and use the
credentials from GET /emulator/credentials.`;

/** Milliseconds that stopping may take. */
const STOP_PATIENCE = 5000;

/** `serve`: a platform that runs until it is stopped. */
export const serve: Command = async (args, environment) => {
  const { values } = parseArgs({
    args,
    options: { ...PLATFORM_OPTIONS, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const options = readPlatformOptions(values, environment);
  const platform = await createPlatform({ ...options, log: (line) => console.error(line) });
  const { number } = platform.credentials;
  // A browser asks before it opens a page whose certificate it does not know; http is for this machine alone.
  const pages = platform.url.replace(/^https:/, 'http:');
  const isMoved = options.port !== 0 && new URL(platform.url).port !== String(options.port);
  console.log(
    [
      '',
      `  Vonage emulator       ${platform.url}${isMoved ? ` (port ${options.port} is taken)` : ''}`,
      `  Phone to call from    ${pages}/`,
      `  Inspector             ${pages}/inspector/`,
      `  Number to dial        +${number}`,
      `  Credentials           ${pages}/emulator/credentials`,
      `  Answer URL            ${options.answerUrl ?? 'not set: every call ends immediately. Set it with --answer-url'}`,
      `  Event URL             ${options.eventUrl ?? 'not set: no events are sent. Set it with --event-url'}`,
      ...(options.fallbackUrl === undefined ? [] : [`  Fallback URL          ${options.fallbackUrl}`]),
      ...(platform.authority === undefined ? [] : trustIn(platform.authority)),
      '',
    ].join('\n'),
  );
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_PATIENCE).unref();
    void platform.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (environment.npm_lifecycle_event !== undefined) stopWithParent(stop);
  return undefined;
};

/** How programs in each language learn to trust the platform. */
function trustIn(authority: string): string[] {
  const file = /[^\w/.:\\-]/.test(authority) ? `'${authority}'` : authority;
  return [
    '',
    `  Certificate to trust  ${authority}`,
    `    Python              export REQUESTS_CA_BUNDLE=${file}`,
    `    Ruby, Go, .NET      export SSL_CERT_FILE=${file}`,
    `    Node                export NODE_EXTRA_CA_CERTS=${file}`,
    `    PHP                 php -d curl.cainfo=${file} -d openssl.cafile=${file}`,
    `    Java                keytool -importcert -noprompt -alias emulator -file ${file} -keystore emulator.p12 -storepass emulator`,
    '                        java -Djavax.net.ssl.trustStore=emulator.p12 -Djavax.net.ssl.trustStorePassword=emulator',
    `    curl                curl --cacert ${file}`,
  ];
}

/** A signal to npm ends the shell in which npm runs this process, and the shell tells nobody. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    stop();
  }, 500).unref();
}
