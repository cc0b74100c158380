import { parseArgs } from 'node:util';
import { ROLES, type Role } from '../../../domain/api/page-api.ts';

/** What is to be done with the accounts. */
export type AgentsCommand =
  | { kind: 'list' }
  | { kind: 'add' | 'role'; name: string; roles: readonly Role[] }
  /** Without roles: those that the account has, or for a new one that of an agent. */
  | { kind: 'invite'; name: string; roles: readonly Role[] | undefined }
  | { kind: 'remove' | 'code'; name: string };

const AGENTS_USAGE = `npm run agents -- COMMAND

Lists and changes who may sign in, and what they may see and do. Uses the same database as the server. A running
server takes up each change within seconds.

  list                          list everyone with their roles
  add NAME [--role ROLE]...     add someone, by default as agent; prints an access code once, and creates the
                                Vonage user of an agent
  invite NAME [--role ROLE]...  print a link with which someone signs in for the first time, or after a code was
                                lost; it works once, for 7 days; adds them where they are new
  remove NAME                   remove someone: sessions end, and calls ring elsewhere
  code NAME                     print a new access code once; the old one, and its sessions, end
  role NAME ROLE...             set all roles of someone
  --help                        show this help

Roles: agent takes calls; supervisor sees all calls, voicemails and figures; developer uses the console.
AGENTS names who is added when the server starts: the first one with every role, the others as agents.

Exit code: 0 if it is done, 1 if it cannot be done, 2 if the command is wrong.`;

type ReadOptions = { ok: true; command: AgentsCommand } | { ok: false; words: string; isHelp: boolean };

/** Parses the command line of `npm run agents`. */
export function readAgentsOptions(args: readonly string[]): ReadOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { role: { type: 'string', multiple: true }, help: { type: 'boolean', default: false } },
    });
    if (values.help) return { ok: false, words: AGENTS_USAGE, isHelp: true };
    const [kind, ...rest] = positionals;
    if (kind !== 'add' && kind !== 'invite' && values.role !== undefined) {
      return wrong('--role goes only with add and invite.');
    }
    return commandOf(kind, rest, values.role);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : 'Invalid command line.');
  }
}

function commandOf(
  kind: string | undefined,
  rest: readonly string[],
  roles: readonly string[] | undefined,
): ReadOptions {
  const [name, ...more] = rest;
  switch (kind) {
    case undefined:
      return { ok: false, words: AGENTS_USAGE, isHelp: false };
    case 'list':
      return name === undefined ? { ok: true, command: { kind } } : wrong('list takes no name.');
    case 'add':
    case 'invite':
    case 'remove':
    case 'code':
      if (name === undefined) return wrong(`${kind} needs a name.`);
      if (more.length > 0) return wrong(`${kind} takes one name, not also ${quoted(more[0])}.`);
      if (kind === 'add') return withRoles(kind, name, roles ?? ['agent']);
      if (kind !== 'invite') return { ok: true, command: { kind, name } };
      return roles === undefined
        ? { ok: true, command: { kind, name, roles: undefined } }
        : withRoles(kind, name, roles);
    case 'role':
      if (name === undefined || more.length === 0) return wrong('role needs a name, and at least one role.');
      return withRoles(kind, name, more);
    default:
      return wrong(`${quoted(kind)} is no command: list, add, invite, remove, code or role.`);
  }
}

function withRoles(kind: 'add' | 'invite' | 'role', name: string, given: readonly string[]): ReadOptions {
  const unknown = given.find((role) => ROLES.every((each) => each !== role));
  if (unknown !== undefined) {
    return wrong(`${quoted(unknown)} is no role: agent, supervisor or developer.`);
  }
  return { ok: true, command: { kind, name, roles: ROLES.filter((role) => given.includes(role)) } };
}

function wrong(words: string): ReadOptions {
  return { ok: false, words: `${words}\nFor help: npm run agents -- --help`, isHelp: false };
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? '');
}
