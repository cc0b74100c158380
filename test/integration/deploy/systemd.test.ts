import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCommand } from '../../support/program.ts';
import { realModeEnvironment, sendEvent } from '../../support/real-mode.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const UNIT = readFileSync(join(ROOT, 'deploy/switchboard.service'), 'utf8');

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const hasSystemd = runs('systemd-analyze', '--version');
const canTrace = hasSystemd && runs('strace', '--version');

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-systemd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The values of a setting of the unit, in order. */
const valuesOf = (name: string) =>
  [...UNIT.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

/** The system calls that a group of systemd contains. */
function callsIn(group: string): string[] {
  if (!group.startsWith('@')) return [group];
  const listed = execFileSync('systemd-analyze', ['syscall-filter', group], { encoding: 'utf8' });
  return [...listed.matchAll(/^ {4}([@\w]\S*)$/gm)].flatMap(([, each = '']) => callsIn(each));
}

/** The system calls that the unit lets through. */
function allowedCalls(): Set<string> {
  let allowed = new Set<string>();
  for (const filter of valuesOf('SystemCallFilter')) {
    const named = new Set(filter.replace('~', '').split(' ').flatMap(callsIn));
    allowed = filter.startsWith('~') ? allowed.difference(named) : allowed.union(named);
  }
  return allowed;
}

describe.skipIf(!hasSystemd)('the unit for systemd', () => {
  test('has no fault that systemd finds, and exposes little', () => {
    const file = join(newFolder(), 'switchboard.service');
    writeFileSync(file, UNIT.replace('/usr/local/bin/node', process.execPath));
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    // Of 10.
    const rated = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', file]);
    expect(rated.status).toBe(0);
  });

  test.skipIf(!canTrace)('lets the server do all that it needs from the system', async () => {
    const folder = newFolder();
    const refused = `!${[...allowedCalls()].map((call) => `?${call}`).join()}`;
    const [errno = ''] = valuesOf('SystemCallErrorNumber');
    // With -D, what is started here is the server itself.
    const server = startCommand(
      [
        'strace',
        ...['-D', '-f', '--seccomp-bpf', '-qqq', '-o', join(folder, 'refused')],
        ...['-e', `trace=${refused}`, '-e', `inject=${refused}:error=${errno}`],
        process.execPath,
        'server/main.ts',
      ],
      { folder: ROOT, environment: realModeEnvironment(join(folder, 'data')) },
    );
    onTestFinished(() => server[Symbol.asyncDispose]());
    const [, url = ''] = await server.prints(/Agent page +(http:\/\/127\.0\.0\.1:\d+)/);
    expect(await sendEvent(url, 'leg-1')).toBe(true);
    expect((await fetch(`${url}/client_js.html`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });
});
