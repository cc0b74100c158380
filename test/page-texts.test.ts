import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consoleEn } from '../client/strings/console-en.ts';
import { en as agentEn } from '../client/strings/en.ts';
import { invitationEn } from '../client/strings/invitation-en.ts';
import { wallEn } from '../client/strings/wall-en.ts';
import { workspaceEn } from '../client/strings/workspace-en.ts';
import { en as inspectorEn } from '../emulator/inspector/strings/en.ts';
import { en as phoneEn } from '../emulator/phone/page/strings/en.ts';

/** Every page: its texts, and the folders whose code says them or has the values that name them. */
const PAGES = {
  'agent page': [agentEn, ['client/agent', 'client/session', 'ui', 'domain']],
  workspace: [workspaceEn, ['client/agent', 'ui', 'domain']],
  wall: [wallEn, ['client/wall', 'client/session', 'ui', 'domain']],
  invitation: [invitationEn, ['client/invitation', 'client/session', 'ui', 'domain']],
  console: [consoleEn, ['client/console', 'client/session', 'ui', 'domain']],
  inspector: [inspectorEn, ['emulator/inspector', 'emulator/traffic', 'ui']],
  'emulator’s phone': [phoneEn, ['emulator/phone', 'ui']],
} as const;

const ROOT = `${import.meta.dirname}/..`;

/** The code of folders, without their texts, tests, fakes and comments. */
function codeOf(folders: readonly string[]): string {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT }))
    .filter((file) => !/strings\/|\.test\.|\/fake|\/gallery\.|testing\.ts$/.test(file))
    .map((file) => readFileSync(`${ROOT}/${file}`, 'utf8'))
    .join('\n')
    .replaceAll(/\/\*.*?\*\/|^\s*\/\/[^\n]*/gms, '');
}

/** The names on the ways to all texts, but for those of which code takes whatever there are. */
function namesIn(texts: unknown, code: string): string[] {
  if (typeof texts !== 'object' || texts === null) return [];
  return Object.entries(texts).flatMap(([name, inner]) => {
    const isTakenWhole = new RegExp(`(?:entriesOf|Object\\.\\w+)\\([\\w.]+\\.${name}\\)`).test(code);
    return isTakenWhole ? [name] : [name, ...namesIn(inner, code)];
  });
}

/** Names of texts that code mentions nowhere: neither as a field nor as a value that chooses a text. */
function unusedIn(texts: unknown, code: string): string[] {
  const said = new Set(code.match(/[\w-]+/g));
  return [...new Set(namesIn(texts, code))].filter((name) => {
    if (/^[\w-]+$/.test(name)) return !said.has(name);
    return !code.includes(`'${name}'`);
  });
}

describe.each(Object.entries(PAGES))('the %s', (_page, [texts, folders]) => {
  it('has no text that it never says', () => {
    expect(unusedIn(texts, codeOf(folders))).toEqual([]);
  });
});

it('finds a text that nothing says, and none that is chosen by a value', () => {
  const texts = {
    list: { said: 'a', chosen: 'b', 'by a value': 'c', forgotten: 'd', 'also forgotten': 'e' },
  };
  const code = "words.list.said; kind = 'chosen' | 'by a value'; words.list[kind]; not also forgetting;";
  expect(unusedIn(texts, code)).toEqual(['forgotten', 'also forgotten']);
});

it('times are written in one place, so that all pages count to 12 or 24 as the locale does', () => {
  const files = globSync('{client,ui,emulator/inspector,emulator/phone}/**/*.{ts,tsx}', { cwd: ROOT });
  const others = files.filter((file) => {
    const code = readFileSync(`${ROOT}/${file}`, 'utf8');
    return /toLocale(Time|Date)String|Intl\.DateTimeFormat|hour12|hourCycle/.test(code);
  });
  expect(others).toEqual(['ui/time-words.ts']);
});
