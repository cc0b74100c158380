import type { Config } from './config.ts';
import type { PlatformAccess } from './vonage/platform-access.ts';

export interface Started {
  config: Config;
  access: PlatformAccess;
  /** Address of this server on this machine, without a slash at its end. */
  url: string;
  /** Where generated access codes are kept. */
  accessCodeFile: string;
  /** Seconds from the start of the process until everything could be reached. */
  seconds: number;
}

/** What the developer or operator reads when everything can be reached. Ends without a line break. */
export function startText({ config, access, url, accessCodeFile, seconds }: Started): string {
  const { platform } = config;
  const base = config.publicUrl ?? url;
  const agentPage = `${base}/client_js.html`;
  const heading = `Switchboard is ready (${seconds.toFixed(1)} s)`;
  if (platform.kind === 'emulator') {
    return block(
      heading,
      [
        ['Agent page', agentPage],
        ['Phone', access.phoneUrl ?? ''],
        ['Number to dial', access.number ?? ''],
      ],
      [
        'Open both pages, dial the number on the phone, and click Answer on the agent page.',
        'Vonage is emulated on this machine: no account, no costs. Webhooks appear below as they arrive.',
      ],
    );
  }
  const codes =
    platform.accessCodes === undefined
      ? `Agents sign in with the access codes in ${accessCodeFile}`
      : 'Agents sign in with their codes from AGENT_CODES.';
  return block(
    heading,
    [
      ['Agent page', agentPage],
      ['Number to dial', access.number ?? 'the one that is linked to the application'],
      ['Answer URL', `${base}/voice/answer`],
      ['Event URL', `${base}/voice/event`],
      ['Fallback URL', `${base}/voice/fallback`],
      ['Platform', access.apiHost],
    ],
    [
      ...(config.publicUrl === undefined && access.sdk.apiUrl === undefined
        ? ['Vonage must reach these URLs: set PUBLIC_URL to the address of this server on the internet.']
        : ['Enter the three URLs in the Vonage application. Webhooks appear below as they arrive.']),
      codes,
    ],
  );
}

function block(heading: string, facts: readonly [string, string][], words: readonly string[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 3;
  const rows = facts.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return ['', heading, '', ...rows, '', ...words.map((line) => `  ${line}`), ''].join('\n');
}
