import { describe, expect, it } from 'vitest';
import { accessFor, configFrom, realMode } from '../testing.ts';
import { startText } from './start-text.ts';

function textFor(env: Record<string, string>): string {
  const config = configFrom(env);
  return startText({
    config,
    access: accessFor(config),
    agents: config.agents,
    url: 'http://127.0.0.1:3000',
    accessCodeFile: '/data/access-codes.json',
    seconds: 0.84,
  });
}

describe('the startup text', () => {
  it('shows what to open and dial with the emulator', () => {
    expect(textFor({})).toBe(`
Switchboard is ready (0.8 s)

  Agent page       http://127.0.0.1:3000/client_js.html
  Console          http://127.0.0.1:3000/console.html
  Phone            http://127.0.0.1:3001/
  Inspector        http://127.0.0.1:3001/inspector/
  Number to dial   +442038297050

  Open the agent page and the phone, dial the number there, and click Answer on the agent page.
  Vonage is emulated on this machine: no account, no costs. Webhooks appear below as they arrive.
`);
  });

  it('shows an address for each agent, and who receives calls', () => {
    const text = textFor({ AGENTS: 'Alice,Bob', ROUTING: 'direct' });
    expect(text).toContain('    as Bob         http://127.0.0.1:3000/client_js.html?agent=Bob\n');
    expect(text).toContain("Calls go to Alice; Bob can sign in but won't receive calls.");
    expect(textFor({})).not.toContain('Calls go to');
  });

  it('shows the supervisors’ wall where there is a desk', () => {
    const wall = 'Wall             http://127.0.0.1:3000/wall.html\n';
    expect(textFor({ AGENTS: 'Alice,Bob', ROUTING: 'desk' })).toContain(wall);
    expect(textFor({ AGENTS: 'Alice,Bob', ROUTING: 'direct' })).not.toContain('wall.html');
  });

  it('shows which default ports were in use', () => {
    const config = configFrom();
    const moved = startText({
      config,
      agents: config.agents,
      access: { ...accessFor(config), apiHost: 'http://127.0.0.1:3003' },
      url: 'http://127.0.0.1:3002',
      accessCodeFile: '',
      seconds: 1,
    });
    expect(moved).toContain('In use by other programs, so the next free one was used: port 3000 and 3001.');
    expect(textFor({})).not.toContain('Taken');
  });

  it('shows what to enter at Vonage with a Vonage application', () => {
    const text = textFor({ ...realMode, PUBLIC_URL: 'https://x.org', VONAGE_NUMBER: '442038297050' });
    expect(text).toContain('Agent page       https://x.org/client_js.html\n');
    expect(text).toContain('Console          https://x.org/console.html\n');
    expect(text).toContain('Answer URL       https://x.org/voice/answer\n');
    expect(text).toContain('Event URL        https://x.org/voice/event\n');
    expect(text).toContain('The Vonage application must have these three URLs');
    expect(text).toContain('AGENT_CODES');
  });

  it('says that Vonage needs a public address', () => {
    expect(textFor(realMode)).toContain('Vonage must reach these URLs: set PUBLIC_URL');
  });

  it('shows where the access codes are, but never the codes', () => {
    const { AGENT_CODES: _, ...withoutCodes } = realMode;
    expect(textFor(withoutCodes)).toContain('sign in with the access codes in /data/access-codes.json');
    expect(textFor(realMode)).not.toContain('open sesame');
  });
});
