import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { HISTORY_OUTCOMES } from '../domain/api/history-api.ts';
import { columnsOf } from '../domain/contacts/csv.ts';
import { readAgentsOptions } from '../server/commands/agents/options.ts';
import { ACCESS } from '../server/people/access.ts';
import { agentControlRequest, controlRequest } from '../server/routing/desk/control.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const DOCS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: ROOT })];
const ALL = DOCS.map(read).join('\n');
const SCRIPTS: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** What stands between backticks, and the blocks of code. */
const codeIn = (text: string) => [
  ...[...text.matchAll(/```\w*\n(.*?)```/gs)].map(([, code = '']) => code),
  ...[...text.replaceAll(/```.*?```/gs, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
];

/** Whether a request is in the table of access: a part of its address that begins with `:` or `{` may be anything. */
function isRoute(method: string | undefined, address: string): boolean {
  const parts = address.replace(/[?#].*/, '').split('/');
  return Object.entries(ACCESS).some(([path, methods]) => {
    const known = path.split('/');
    const isPath =
      known.length === parts.length &&
      known.every((part, index) => part.startsWith(':') || part === parts[index]);
    return isPath && (method === undefined || Object.hasOwn(methods, method.toLowerCase()));
  });
}

describe.each(DOCS)('%s', (file) => {
  const text = read(file);
  const code = codeIn(text);

  it('names only commands that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => SCRIPTS[name] === undefined)).toEqual([]);
  });

  it('links only to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(#[^)]*)?\)/g)];
    const broken = links.filter(([, path = '', anchor = '']) => {
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== '' && !headingsOf(read(target)).includes(anchor.slice(1));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only files that there are', () => {
    const named = code.flatMap((each) => [
      ...each.matchAll(
        /(?<![\w/.-])(?:bench|client|conformance|docs|domain|emulator|scripts|server|test|ui)\/[\w/.-]*\w/g,
      ),
    ]);
    expect(named.map(([path]) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names only requests and pages that there are', () => {
    const requests = code.flatMap((each) => [
      ...each.matchAll(/(?:\b(GET|POST|PUT|DELETE) |-X (\w+) \S*:3000|(?<![\w:}]))(\/api\/[^\s'",`)]*)/g),
    ]);
    const wrong = requests.filter(([, method, sent, address = '']) => !isRoute(method ?? sent, address));
    expect(wrong.map(([request]) => request)).toEqual([]);
    const pages = code.flatMap((each) => [...each.matchAll(/\/(\w+\.html)/g)]);
    const missing = pages.filter(([, page]) => !existsSync(join(ROOT, `client/${page}`)));
    expect(missing.map(([page]) => page)).toEqual([]);
  });

  it('names only settings that there are', () => {
    const known = read('.env.example');
    const named = code.flatMap((each) => [
      ...each.matchAll(
        /^(?:AGENT|CONTACT|DATA|DESK|EMULATOR|HOOK|LOG|METRICS|PUBLIC|VOICE|VONAGE|WAIT)_[A-Z_]+/gm,
      ),
    ]);
    expect(named.map(([name]) => name).filter((name) => !known.includes(`# ${name}=`))).toEqual([]);
  });
});

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('every command is in the documentation', () => {
  // Those of npm itself, and those that only people who change the project need.
  const others = ['start', 'test', 'format', 'desk-schema'];
  const runsBefore = (name: string) =>
    name.startsWith('pre') && SCRIPTS[name.slice('pre'.length)] !== undefined;
  const commands = Object.keys(SCRIPTS).filter((name) => !runsBefore(name) && !others.includes(name));
  expect(commands.filter((name) => !new RegExp(`npm run ${name}(?![\\w:-])`).test(ALL))).toEqual([]);
});

it('docs/accounts.md shows each command of npm run agents, as it is', () => {
  const lines = [...read('docs/accounts.md').matchAll(/^npm run agents -- ([^#\n]*)/gm)];
  const commands = lines.map(([, args = '']) => readAgentsOptions(args.trim().split(' ')));
  expect(commands.filter(({ ok }) => !ok)).toEqual([]);
  const kinds = commands.flatMap((each) => (each.ok ? each.command.kind : []));
  expect(new Set(kinds)).toEqual(new Set(['list', 'add', 'invite', 'role', 'code', 'remove']));
});

it('docs/hooks.md names each command of npm run hooks', () => {
  const [, usage = ''] = /const USAGE = `([^`]*)`/.exec(read('server/commands/hooks/main.ts')) ?? [];
  const commands = [...usage.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name);
  const named = [...read('docs/hooks.md').matchAll(/npm run hooks -- (\w+)/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(commands));
});

describe('the requests that docs/desk.md shows for the control of calls', () => {
  const code = codeIn(read('docs/desk.md'));
  const bodies = code.flatMap((each) =>
    [...each.matchAll(/\{[^{}]*"action":(?:[^{}]|\{[^{}]*\})*\}/g)].map(([body]) => body),
  );

  it.each(bodies)('%s is valid', (body) => {
    const value = JSON.parse(body);
    const results = [controlRequest, agentControlRequest].map((schema) => schema.safeParse(value).success);
    expect(results).toContain(true);
  });

  it('name each action', () => {
    const actions = [controlRequest, agentControlRequest].flatMap(({ options }) =>
      options.flatMap(({ shape: { action } }) => ('options' in action ? action.options : [...action.values])),
    );
    const named = new Set([...bodies.map((body) => JSON.parse(body).action), ...code]);
    expect(actions.filter((action) => !named.has(action))).toEqual([]);
  });
});

describe('docs/contacts.md', () => {
  const text = read('docs/contacts.md');

  it('names headers of columns that an import understands, for each column', () => {
    const [, list = ''] = /in English or Spanish: (.*?)\. Only/.exec(text) ?? [];
    const groups = list
      .split(' · ')
      .map((group) => [...group.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    const columns = groups.map((names) => [...new Set(names.map((name) => columnsOf([name])[0]))]);
    expect(columns).toEqual([['number'], ['name'], ['surname'], ['company'], ['link'], ['notes']]);
  });

  it('shows an outcome that the history knows', () => {
    const [, outcome] = /\/api\/history\?agent=me&outcome=([\w-]+)/.exec(text) ?? [];
    expect(HISTORY_OUTCOMES).toContain(outcome);
  });
});

it.each(['domain', 'server', 'client', 'emulator'])('the README names each folder of %s', (room) => {
  const row = read('README.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${room}/\` |`));
  const folders = globSync(`${room}/*/`, { cwd: ROOT }).map((path) => basename(path));
  expect(folders.filter((folder) => !row?.includes(`\`${folder}/\``))).toEqual([]);
});

it('docs/troubleshooting.md quotes what pages and the terminal really say', () => {
  const sources = globSync('{client/strings,server}/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] });
  const said = sources.map(read).join('\n');
  const quotes = [...read('docs/troubleshooting.md').matchAll(/(?<![*\w])\*(?!\*)([^*\n]+)\*(?!\w)/g)].map(
    ([, quote = '']) => quote,
  );
  expect(quotes.length).toBeGreaterThan(10);
  const isSaid = (quote: string) => quote.split('…').every((part) => said.includes(part));
  expect(quotes.filter((quote) => quote !== 'italics' && !isSaid(quote))).toEqual([]);
});

it('the workflow for forks runs npm test, on the Node that package.json names', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml'));
  const { engines } = JSON.parse(read('package.json'));
  const steps: { run?: string; with?: { 'node-version'?: number } }[] = jobs.test.steps;
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['npm ci', 'npm test']);
  const versions = steps.flatMap(({ with: options }) => options?.['node-version'] ?? []);
  expect(versions.map((version) => `>=${version}`)).toEqual([engines.node]);
});
