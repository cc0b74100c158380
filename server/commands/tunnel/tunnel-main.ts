// Started by scripts/dev.mjs, which is sent the address of the tunnel: node server/commands/tunnel/tunnel-main.ts [URL]
// The webhooks are restored on a signal, or when the parent process is gone.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, parseConfig, type VonageSettings } from '../../config/config.ts';
import { loadEnvFile } from '../../config/load-config.ts';
import { localUrl } from '../../http/listen.ts';
import { hostsOf } from '../../vonage/account.ts';
import { createAccount } from '../../vonage/sdk-account.ts';
import { ngrokTunnels, openedTunnel } from './ngrok.ts';
import { leadCallsHere } from './tunnel.ts';

const stopped = new Promise<void>((stop) => {
  // A terminal signals all processes, and the parent signals this one again.
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => stop());
});

try {
  const fault = loadEnvFile(process.env);
  if (fault !== undefined) throw new Error(fault);
  process.exitCode = (await run(process.argv[2])) ? 0 : 1;
} catch (error) {
  say(`No tunnel: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();

async function run(given: string | undefined): Promise<boolean> {
  const { config, apiKey, apiSecret } = settings();
  const { applicationId, apiUrl, region } = config.platform;
  // A fixed port, so that the server cannot move away from the tunnel.
  const port = config.port === 0 ? 3000 : config.port;
  const led = await leadCallsHere({
    open:
      given === undefined ? ngrokTunnels(process.env.NGROK_AUTHTOKEN?.trim()) : openedTunnel(address(given)),
    account: createAccount({ apiKey, apiSecret, hosts: hostsOf(apiUrl, region) }),
    applicationId,
    target: localUrl(config.host, port),
    memory: resolve(config.dataDir, 'webhooks-before-tunnel.json'),
    say,
    pause,
  });
  say(`The tunnel ${led.url} is open. The webhooks point to it until you stop this command.`);
  if (process.connected) process.send?.({ environment: { PUBLIC_URL: led.url, PORT: String(port) } });
  await stopped;
  return led.putBack();
}

function settings() {
  // The desk needs PUBLIC_URL, which the tunnel is about to set.
  const environment = { ...process.env, ROUTING: 'direct' };
  const parsed = parseConfig(environment, (path) => readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(`these settings are wrong:\n  - ${parsed.faults.join('\n  - ')}`);
  const { platform, apiKey } = parsed.config;
  const apiSecret = process.env.VONAGE_API_SECRET?.trim();
  if (platform.kind === 'emulator') {
    throw new Error(
      'no Vonage application is configured, and the emulator needs no tunnel. Run "npm run setup" first.',
    );
  }
  if (apiKey === undefined || apiSecret === undefined || apiSecret === '') {
    throw new Error(
      'set VONAGE_API_KEY and VONAGE_API_SECRET in .env: they are needed to change the webhooks.',
    );
  }
  const config: Config & { platform: VonageSettings } = { ...parsed.config, platform };
  return { config, apiKey, apiSecret };
}

function address(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new Error(
      `--tunnel must be an http or https address without a path, but is ${JSON.stringify(text)}`,
    );
  }
  return url.origin;
}

function say(line: string): void {
  console.log(line);
}
