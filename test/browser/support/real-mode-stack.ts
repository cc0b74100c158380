import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../../../emulator/provisioning/account.ts';
import { type Program, startProgram } from '../../support/program.ts';
import { layLine } from './cuttable-line.ts';

/** A server with credentials in its `.env`, where Alice signs in, and an emulator as the other platform. */
export interface RealModeStack extends AsyncDisposable {
  server: Program;
  emulator: Program;
  serverUrl: string;
  platformUrl: string;
  keys: Credentials;
}

/** @param code of Alice */
export async function startRealMode(code: string): Promise<RealModeStack> {
  await using stack = new AsyncDisposableStack();
  // The platform needs the server's URL and the server the platform's keys, hence a proxy.
  const front = stack.use(await layLine('http://127.0.0.1:9'));
  const emulator = stack.use(
    startProgram('emulator/main.ts', [
      ...['--port', '0'],
      ...['--answer-url', `${front.url}/voice/answer`],
      ...['--event-url', `${front.url}/voice/event`],
    ]),
  );
  const [, platformUrl = ''] = await emulator.prints(/Vonage emulator +(http:\S+)/);
  const keys: Credentials = await (await fetch(`${platformUrl}/emulator/credentials`)).json();

  const folder = mkdtempSync(join(tmpdir(), 'switchboard-real-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'private.key'), keys.private_key, { mode: 0o600 });
  writeFileSync(
    join(folder, '.env'),
    [
      'PORT=0',
      'HOST=127.0.0.1',
      `VONAGE_APPLICATION_ID=${keys.application_id}`,
      'VONAGE_PRIVATE_KEY=private.key',
      `VONAGE_API_URL=${platformUrl}`,
      `VONAGE_NUMBER=${keys.number}`,
      'AGENTS=Alice',
      `AGENT_CODES=Alice:${code}`,
    ].join('\n'),
  );
  const server = stack.use(startProgram('server/main.ts', [], { folder }));
  const [serverUrl] = await server.prints(/http:\/\/127\.0\.0\.1:\d+/);
  front.target = serverUrl;
  const parts = stack.move();
  return {
    ...{ server, emulator, serverUrl, platformUrl, keys },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
