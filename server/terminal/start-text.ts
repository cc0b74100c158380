import { type Config, USUAL_DESK_FILE } from '../config/config.ts';
import type { PlatformAccess } from '../vonage/platform-access.ts';

interface Started {
  config: Config;
  access: PlatformAccess;
  /** Those who take calls, or with direct routing could. */
  agents: readonly string[];
  /** Local URL of this server, without a trailing slash. */
  url: string;
  /** Where generated access codes are kept. */
  accessCodeFile: string;
  /** Seconds from the start of the process until the server was ready. */
  seconds: number;
}

/** The text printed when the server is ready. Ends without a line break. */
export function startText({ config, access, agents, url, accessCodeFile, seconds }: Started): string {
  const { platform } = config;
  const base = config.publicUrl ?? url;
  const agentPage = `${base}/client_js.html`;
  const wall: Fact[] = config.routing === 'desk' ? [['Wall', `${base}/wall.html`]] : [];
  const heading = `Switchboard is ready (${seconds.toFixed(1)} s)`;
  const number = access.number === null ? undefined : `+${access.number}`;
  if (platform.kind === 'emulator') {
    return block(
      heading,
      [
        ['Agent page', agentPage],
        ...agents.slice(1).map((name): Fact => [`  as ${name}`, `${agentPage}?agent=${name}`]),
        ['Console', `${base}/console.html`],
        ...wall,
        ['Phone', access.phoneUrl ?? ''],
        ['Inspector', `${access.phoneUrl ?? ''}inspector/`],
        ['Number to dial', number ?? ''],
      ],
      [
        'Open the agent page and the phone, dial the number there, and click Answer on the agent page.',
        ...callsGoTo(config, agents),
        ...movedPorts(config, url, access),
        'Vonage is emulated on this machine: no account, no costs. Webhooks appear below as they arrive.',
      ],
    );
  }
  const codes =
    platform.accessCodes === undefined
      ? `People sign in with the access codes in ${accessCodeFile}, or with those of "npm run agents".`
      : 'People sign in with their codes from AGENT_CODES, or with those of "npm run agents".';
  return block(
    heading,
    [
      ['Agent page', agentPage],
      ['Console', `${base}/console.html`],
      ...wall,
      ['Number to dial', number ?? 'the one that is linked to the application'],
      ['Answer URL', `${base}/voice/answer`],
      ['Event URL', `${base}/voice/event`],
      ['Fallback URL', `${base}/voice/fallback`],
      ['Platform', access.apiHost],
    ],
    [
      ...(config.publicUrl === undefined && access.sdk.apiUrl === undefined
        ? ['Vonage must reach these URLs: set PUBLIC_URL to the address of this server on the internet.']
        : [
            'The Vonage application must have these three URLs: "npm run doctor" checks it. Webhooks appear below.',
          ]),
      codes,
      ...callsGoTo(config, agents),
    ],
  );
}

type Fact = [name: string, value: string];

/** With several agents, says who receives calls. */
function callsGoTo({ routing, deskFile }: Config, agents: readonly string[]): string[] {
  const [first, ...others] = agents;
  if (routing === 'desk') {
    return [
      deskFile === undefined
        ? `Callers wait in one queue for ${agents.join(', ')}. A file ${USUAL_DESK_FILE} sets more: see docs/desk.md.`
        : `Callers wait for ${agents.join(', ')} by the rules of ${deskFile}.`,
    ];
  }
  return others.length === 0
    ? []
    : [`Calls go to ${first}; ${others.join(', ')} can sign in but won't receive calls.`];
}

/** Says which default ports were in use. */
function movedPorts({ port, platform }: Config, url: string, access: PlatformAccess): string[] {
  const usual = [port, platform.kind === 'emulator' ? platform.port : undefined];
  const actual = [url, access.apiHost].map((address) => Number(new URL(address).port));
  const moved = usual.filter((one, index) => one !== undefined && one !== 0 && one !== actual[index]);
  return moved.length === 0
    ? []
    : [`In use by other programs, so the next free one was used: port ${moved.join(' and ')}.`];
}

function block(heading: string, facts: readonly Fact[], words: readonly string[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 3;
  const rows = facts.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return ['', heading, '', ...rows, '', ...words.map((line) => `  ${line}`), ''].join('\n');
}
