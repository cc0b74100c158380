import { describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../../domain/api/page-api.ts';
import type { Account } from '../../people/accounts.ts';
import { changeOf, listed } from './change.ts';
import { type AgentsCommand, readAgentsOptions } from './options.ts';

const account = (name: string, roles: readonly Role[], removedAt: number | null = null): Account => ({
  name,
  roles,
  codeHash: 'hash',
  addedAt: 1,
  removedAt,
});
const accounts = [
  account('Alice', ROLES),
  account('Bob', ['agent']),
  account('Carol', ['agent'], Date.UTC(2026, 0, 2)),
];
const around = { now: 5, agents: ['Alice', 'Bob'], signsIn: true, configured: new Set<string>() };

function commandOf(line: string): Exclude<AgentsCommand, { kind: 'list' }> {
  const read = readAgentsOptions(line.split(' '));
  if (!read.ok || read.command.kind === 'list') throw new Error(line);
  return read.command;
}
const change = (line: string, given: Partial<typeof around> = {}) =>
  changeOf(accounts, commandOf(line), { ...around, ...given });

describe('the command line', () => {
  it.each([
    ['list', { kind: 'list' }],
    ['add Dave', { kind: 'add', name: 'Dave', roles: ['agent'] }],
    ['add Dave --role developer --role agent', { kind: 'add', name: 'Dave', roles: ['agent', 'developer'] }],
    ['invite Dave', { kind: 'invite', name: 'Dave', roles: undefined }],
    ['invite Dave --role supervisor', { kind: 'invite', name: 'Dave', roles: ['supervisor'] }],
    ['remove Dave', { kind: 'remove', name: 'Dave' }],
    ['code Dave', { kind: 'code', name: 'Dave' }],
    ['role Dave supervisor agent', { kind: 'role', name: 'Dave', roles: ['agent', 'supervisor'] }],
  ])('%s', (line, command) => {
    expect(readAgentsOptions(line.split(' '))).toEqual({ ok: true, command });
  });

  it.each([
    ['fire Dave', '"fire" is no command: list, add, invite, remove, code or role.'],
    ['list Dave', 'list takes no name.'],
    ['add', 'add needs a name.'],
    ['add Dave Eve', 'add takes one name, not also "Eve".'],
    ['add Dave --role boss', '"boss" is no role: agent, supervisor or developer.'],
    ['remove', 'remove needs a name.'],
    ['role Dave', 'role needs a name, and at least one role.'],
    ['role Dave boss', '"boss" is no role: agent, supervisor or developer.'],
    ['code Dave --role agent', '--role goes only with add and invite.'],
    ['list --all', expect.stringContaining("Unknown option '--all'")],
  ])('%s is wrong', (line, words) => {
    const read = readAgentsOptions(line.split(' '));
    expect(read).toMatchObject({ ok: false, isHelp: false });
    expect(read.ok ? '' : read.words.split('\nFor help')[0]).toEqual(words);
  });

  it('has help, and shows it where nothing is asked for', () => {
    const help = readAgentsOptions(['--help']);
    expect(help).toMatchObject({
      ok: false,
      isHelp: true,
      words: expect.stringContaining('role NAME ROLE...'),
    });
    expect(readAgentsOptions([])).toEqual({ ...help, isHelp: false });
  });
});

describe('a change', () => {
  it('adds someone with a code and a Vonage user', () => {
    expect(change('add Dave')).toMatchObject({
      account: { name: 'Dave', roles: ['agent'], codeHash: null, addedAt: 5, removedAt: null },
      needsCode: true,
      needsUser: true,
      words: ['Dave was added as agent.'],
    });
    expect(change('add Dave --role supervisor')).toMatchObject({ needsCode: true, needsUser: false });
  });

  it('brings someone back who was removed', () => {
    expect(change('add Carol')).toMatchObject({
      account: { name: 'Carol', removedAt: null },
      words: ['Carol was brought back as agent.'],
    });
  });

  it('makes no codes with the emulator, nor where AGENT_CODES has one', () => {
    expect(change('add Dave', { signsIn: false })).toMatchObject({ needsCode: false });
    expect(change('add Dave', { configured: new Set(['Dave']) })).toMatchObject({
      needsCode: false,
      words: ['Dave was added as agent.', 'Dave signs in with the code in AGENT_CODES.'],
    });
  });

  it('removes someone, finds names in any case, and says that AGENTS does not bring them back', () => {
    expect(change('remove bob')).toMatchObject({
      account: { name: 'Bob', codeHash: null, removedAt: 5 },
      endsSessions: true,
      words: ['Bob was removed.', 'AGENTS still names Bob, but does not bring Bob back.'],
    });
  });

  it('gives a new code', () => {
    expect(change('code Bob')).toMatchObject({ needsCode: true, endsSessions: true });
  });

  it('invites someone new, who gets a code when accepting', () => {
    expect(change('invite Dave --role supervisor')).toMatchObject({
      account: { name: 'Dave', roles: ['supervisor'] },
      needsCode: false,
      invites: true,
      words: ['Dave was added as supervisor.'],
      recorded: [{ what: 'account added', details: 'supervisor' }, { what: 'invited' }],
    });
    expect(change('invite Dave')).toMatchObject({ account: { roles: ['agent'] }, needsUser: true });
  });

  it('invites someone who lost a code: nothing else changes until the invitation is accepted', () => {
    expect(change('invite bob')).toMatchObject({
      account: { name: 'Bob', roles: ['agent'], codeHash: 'hash' },
      needsCode: false,
      endsSessions: false,
      invites: true,
      recorded: [{ what: 'invited' }],
    });
  });

  it('is recorded with the roles before and after', () => {
    expect(change('role Bob supervisor developer')).toMatchObject({
      recorded: [{ what: 'roles changed', details: 'agent → supervisor, developer' }],
    });
    expect(change('remove Bob')).toMatchObject({ recorded: [{ what: 'account removed' }] });
    expect(change('code Bob')).toMatchObject({ recorded: [{ what: 'code changed' }] });
  });

  it('sets roles', () => {
    expect(change('role Bob supervisor developer')).toMatchObject({
      account: { roles: ['supervisor', 'developer'], codeHash: 'hash' },
      endsSessions: false,
      words: ['Bob is now supervisor, developer.'],
    });
  });

  it.each([
    ['add Bob', 'Bob is there already, as agent. To set other roles: npm run agents -- role Bob ROLE...'],
    ['add bob', 'Bob is there already. Choose a name that differs by more than upper and lower case.'],
    [
      'add Zoë',
      expect.stringContaining('"Zoë" cannot be a name, because it is the name of a Vonage user, too'),
    ],
    [
      'invite Bob --role developer',
      'Bob is there already, as agent. To set other roles: npm run agents -- role Bob ROLE...',
    ],
    ['remove Eve', 'There is no "Eve". There are: Alice, Bob.'],
    ['remove Carol', 'Carol was removed. To bring Carol back: npm run agents -- add Carol'],
    [
      'remove Alice',
      expect.stringContaining('Alice is the last supervisor. First make somebody else supervisor'),
    ],
    ['role Alice agent developer', expect.stringContaining('Alice is the last supervisor.')],
  ])('%s cannot be done', (line, fault) => {
    expect(change(line)).toEqual({ fault });
  });

  it('cannot invite where nobody would need it', () => {
    expect(change('invite Dave', { signsIn: false })).toEqual({
      fault: 'With the emulator nobody signs in, so there are no invitations.',
    });
    expect(change('invite Bob', { configured: new Set(['Bob']) })).toEqual({
      fault: 'The code of Bob is in AGENT_CODES. Change it there, and restart the server.',
    });
  });

  it('cannot give codes that nobody would need', () => {
    expect(change('code Bob', { signsIn: false })).toEqual({
      fault: 'With the emulator nobody signs in, so there are no access codes.',
    });
    expect(change('code Bob', { configured: new Set(['Bob']) })).toEqual({
      fault: 'The code of Bob is in AGENT_CODES. Change it there, and restart the server.',
    });
  });

  it('leaves an agent to take calls', () => {
    const [alice] = accounts;
    if (alice === undefined) throw new Error('Alice is missing.');
    const others = [{ ...alice, roles: ['agent'] as const }, account('Sue', ['supervisor', 'developer'])];
    expect(changeOf(others, commandOf('remove Alice'), around)).toEqual({
      fault: expect.stringContaining('Alice is the last agent.'),
    });
  });
});

it('the list shows everyone with their roles', () => {
  expect(listed(accounts, around)).toEqual([
    'Alice   agent, supervisor, developer',
    'Bob     agent',
    'Carol   removed on 2026-01-02',
  ]);
});
