import { generateKeyPairSync } from 'node:crypto';
import type { Program } from './program.ts';
import { type ProgramOptions, startProgram } from './program.ts';

export const AGENT_CODE = 'a code for the tests';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** Environment of a server with an application but no platform: it receives and stores webhooks. */
export function realModeEnvironment(dataDir: string): Record<string, string> {
  return {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    VONAGE_PRIVATE_KEY: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    VONAGE_API_URL: 'http://127.0.0.1:9',
    AGENT_CODES: `Alice:${AGENT_CODE}`,
  };
}

/** A server in its own process, and its URL. */
export interface RunningServer {
  program: Program;
  url: string;
}

export async function startServer(
  environment: Record<string, string>,
  options: Pick<ProgramOptions, 'limits'> = {},
): Promise<RunningServer> {
  const program = startProgram('server/main.ts', [], { environment, ...options });
  const [, url = ''] = await program.prints(/Agent page +(http:\/\/127\.0\.0\.1:\d+)/);
  return { program, url };
}

export async function kill({ program }: RunningServer): Promise<void> {
  const dead = new Promise((done) => program.child.once('exit', done));
  program.child.kill('SIGKILL');
  await dead;
}

/** The cookie of a signed-in agent. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: 'Alice', code: AGENT_CODE }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/**
 * Sends an event of a new call; resolves with whether it was acknowledged. Rejects if no server responds.
 * To repeat an event, pass the same `at` again.
 */
export async function sendEvent(url: string, uuid: string, at = new Date().toISOString()): Promise<boolean> {
  const answer = await fetch(`${url}/voice/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      from: '447700900000',
      to: '442038297050',
      uuid,
      conversation_uuid: `CON-${uuid}`,
      status: 'started',
      direction: 'inbound',
      timestamp: at,
    }),
  });
  await answer.arrayBuffer();
  return answer.status === 200;
}
