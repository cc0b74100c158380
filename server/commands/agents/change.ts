import type { Audited } from '../../../domain/api/audit-api.ts';
import { ROLES, type Role } from '../../../domain/api/page-api.ts';
import { AGENT_NAME } from '../../config/openid-settings.ts';
import { namedAgent } from '../../people/access-codes.ts';
import type { Account } from '../../people/accounts.ts';
import type { AgentsCommand } from './options.ts';

interface Circumstances {
  /** Milliseconds since 1970. */
  now: number;
  /** AGENTS. */
  agents: readonly string[];
  /** Whether people sign in; with the emulator nobody does. */
  signsIn: boolean;
  /** Names whose codes are in AGENT_CODES. */
  configured: ReadonlySet<string>;
}

type Change =
  /** Why it cannot be done, in words. */
  | { fault: string }
  | {
      account: Account;
      /** Whether the account gets a new access code. */
      needsCode: boolean;
      /** Whether sessions that are open end. */
      endsSessions: boolean;
      /** Whether it became an agent, who needs a user at Vonage. */
      needsUser: boolean;
      /** Whether the account gets an invitation. */
      invites: boolean;
      /** What the audit trail says. */
      recorded: readonly { what: Audited; details?: string }[];
      words: readonly string[];
    };

/** Decides what a command changes. @param accounts all, removed ones too */
export function changeOf(
  accounts: readonly Account[],
  command: Exclude<AgentsCommand, { kind: 'list' }>,
  around: Circumstances,
): Change {
  const present = accounts.filter(({ removedAt }) => removedAt === null);
  const name = namedAgent(
    command.name,
    present.map((account) => account.name),
  );
  const account = present.find((each) => each.name === name);
  if (command.kind === 'add') return added(accounts, account, command, around);
  if (command.kind === 'invite') return invited(accounts, account, command, around);
  if (account === undefined) {
    const wasRemoved = accounts.some((each) => each.name === name);
    const names = present.map((each) => each.name).join(', ');
    return {
      fault: wasRemoved
        ? `${name} was removed. To bring ${name} back: npm run agents -- add ${name}`
        : `There is no ${JSON.stringify(name)}. There are: ${names}.`,
    };
  }
  switch (command.kind) {
    case 'remove':
      return removed(present, account, around);
    case 'code':
      return recoded(account, around);
    case 'role': {
      const after = { ...account, roles: command.roles };
      const fault = lastOne(present, account, after);
      if (fault !== undefined) return { fault };
      return {
        account: after,
        needsCode: false,
        endsSessions: false,
        needsUser: isAgent(after) && !isAgent(account),
        invites: false,
        recorded: [{ what: 'roles changed', details: `${rolesOf(account)} → ${rolesOf(after)}` }],
        words: [`${name} is now ${rolesOf(after)}.`, ...allRoles(around)],
      };
    }
  }
}

function added(
  accounts: readonly Account[],
  account: Account | undefined,
  { name: written, roles }: { name: string; roles: readonly Role[] },
  around: Circumstances,
): Change {
  const name = written.trim();
  if (!AGENT_NAME.test(name)) {
    return {
      fault: `${JSON.stringify(name)} cannot be a name, because it is the name of a Vonage user, too: use letters, digits and . _ @ -, at most 64 characters.`,
    };
  }
  if (account !== undefined) {
    return {
      fault:
        account.name === name
          ? `${name} is there already, as ${rolesOf(account)}. To set other roles: npm run agents -- role ${name} ROLE...`
          : `${account.name} is there already. Choose a name that differs by more than upper and lower case.`,
    };
  }
  const before = accounts.find((each) => each.name === name);
  const needsCode = around.signsIn && !around.configured.has(name);
  const after: Account = {
    name,
    roles,
    codeHash: null,
    addedAt: Math.round(around.now),
    removedAt: null,
  };
  return {
    account: after,
    needsCode,
    endsSessions: true,
    needsUser: isAgent(after),
    invites: false,
    recorded: [{ what: 'account added', details: rolesOf(after) }],
    words: [
      `${name} was ${before === undefined ? 'added' : 'brought back'} as ${rolesOf(after)}.`,
      ...(around.signsIn && !needsCode ? [`${name} signs in with the code in AGENT_CODES.`] : []),
      ...allRoles(around),
    ],
  };
}

function removed(present: readonly Account[], account: Account, { now, agents }: Circumstances): Change {
  const fault = lastOne(present, account, undefined);
  if (fault !== undefined) return { fault };
  const { name } = account;
  return {
    account: { ...account, codeHash: null, removedAt: Math.round(now) },
    needsCode: false,
    endsSessions: true,
    needsUser: false,
    invites: false,
    recorded: [{ what: 'account removed' }],
    words: [
      `${name} was removed.`,
      ...(agents.includes(name) ? [`AGENTS still names ${name}, but does not bring ${name} back.`] : []),
    ],
  };
}

function recoded(account: Account, { signsIn, configured }: Circumstances): Change {
  const { name } = account;
  if (!signsIn) return { fault: 'With the emulator nobody signs in, so there are no access codes.' };
  if (configured.has(name)) return { fault: configuredCode(name) };
  return {
    account,
    needsCode: true,
    endsSessions: true,
    needsUser: false,
    invites: false,
    recorded: [{ what: 'code changed' }],
    words: [`${name} has a new access code. The old one, and its sessions, have ended.`],
  };
}

function configuredCode(name: string): string {
  return `The code of ${name} is in AGENT_CODES. Change it there, and restart the server.`;
}

/** Someone new is added first. The code of someone who has one stays valid until the invitation is accepted. */
function invited(
  accounts: readonly Account[],
  account: Account | undefined,
  { name: written, roles }: Extract<AgentsCommand, { kind: 'invite' }>,
  around: Circumstances,
): Change {
  if (!around.signsIn) return { fault: 'With the emulator nobody signs in, so there are no invitations.' };
  const name = account?.name ?? written.trim();
  if (around.configured.has(name)) return { fault: configuredCode(name) };
  if (account !== undefined && roles === undefined) {
    return {
      account,
      needsCode: false,
      endsSessions: false,
      needsUser: false,
      invites: true,
      recorded: [{ what: 'invited' }],
      words: [],
    };
  }
  const change = added(accounts, account, { name: written, roles: roles ?? ['agent'] }, around);
  if ('fault' in change) return change;
  return {
    ...change,
    needsCode: false,
    invites: true,
    recorded: [...change.recorded, { what: 'invited' }],
  };
}

/** Why an account must keep its roles: nobody else has one of them. */
function lastOne(
  present: readonly Account[],
  account: Account,
  after: Account | undefined,
): string | undefined {
  const others = present.filter(({ name }) => name !== account.name);
  const last = account.roles.find(
    (role) => !after?.roles.includes(role) && !others.some(({ roles }) => roles.includes(role)),
  );
  if (last === undefined) return undefined;
  return `${account.name} is the last ${last}. First make somebody else ${last}: npm run agents -- role NAME ROLE...`;
}

function allRoles({ signsIn }: Circumstances): string[] {
  return signsIn ? [] : ['While the emulator runs, nobody signs in and everybody has every role.'];
}

function isAgent({ roles }: Account): boolean {
  return roles.includes('agent');
}

/** The list of accounts, a line each. */
export function listed(accounts: readonly Account[], around: Circumstances): string[] {
  const width = Math.max(...accounts.map(({ name }) => name.length)) + 3;
  return [
    ...accounts.map((account) => {
      const { name, removedAt } = account;
      const state =
        removedAt === null
          ? rolesOf(account)
          : `removed on ${new Date(removedAt).toISOString().slice(0, 10)}`;
      return name.padEnd(width) + state;
    }),
    ...allRoles(around),
  ];
}

function rolesOf({ roles }: Account): string {
  return ROLES.filter((role) => roles.includes(role)).join(', ') || 'nothing';
}
