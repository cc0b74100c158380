import { describe, expect, it } from 'vitest';
import { type OpenIdSettings, readRoleList } from '../config/openid-settings.ts';
import { describeStores } from '../store/testing.ts';
import { readAccounts, saveAccount } from './accounts.ts';
import { personOf } from './openid.ts';
import { accountOf } from './openid-accounts.ts';

const settings: OpenIdSettings = {
  issuer: 'https://login.example',
  clientId: 'switchboard',
  clientSecret: undefined,
  scope: 'openid',
  nameClaim: 'preferred_username',
  rolesClaim: 'roles',
  roles: undefined,
};
const claims = { iss: 'https://login.example', sub: '42', preferred_username: 'Alice' };

describe('claims', () => {
  const groups = readRoleList('team:a:agent, Leads:supervisor');

  it.each<[string, object, Partial<OpenIdSettings>, string[]]>([
    ['are roles themselves', { roles: ['supervisor', 'agent', 'admin'] }, {}, ['agent', 'supervisor']],
    ['may be one role', { roles: 'developer' }, {}, ['developer']],
    ['are inside of others', { realm: { own: ['agent'] } }, { rolesClaim: 'realm.own' }, ['agent']],
    [
      'have points in their names',
      { 'https://x.y/r': ['agent'] },
      { rolesClaim: 'https://x.y/r' },
      ['agent'],
    ],
    ['mean roles', { roles: ['team:a', 'Leads'] }, { roles: groups }, ['agent', 'supervisor']],
  ])('%s', (_, more, given, roles) => {
    expect(personOf({ ...claims, ...more }, { ...settings, ...given })).toEqual({
      subject: 'https://login.example 42',
      name: 'Alice',
      roles,
    });
  });

  it.each<[string, object, Partial<OpenIdSettings>, string]>([
    ['no roles', {}, {}, 'you have no role'],
    [
      'a role of the same name as a group that is not listed',
      { roles: ['agent'] },
      { roles: groups },
      'no role',
    ],
    ['roles of a prototype', { roles: ['agent'] }, { rolesClaim: 'constructor.name' }, 'no role'],
    ['no name', { preferred_username: undefined, roles: ['agent'] }, {}, '"preferred_username" must be'],
    ['a name that Vonage does not take', { preferred_username: 'Zoë <x>', roles: ['agent'] }, {}, 'must be'],
    ['no subject', { sub: '', roles: ['agent'] }, {}, 'did not say who you are'],
  ])('with %s let nobody in', (_, more, given, words) => {
    expect(personOf({ ...claims, ...more }, { ...settings, ...given })).toEqual({
      fault: expect.stringContaining(words),
    });
  });

  it('are listed with roles that exist', () => {
    expect([readRoleList('a:boss'), readRoleList(':agent'), readRoleList('a'), readRoleList('')]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describeStores('the account of somebody from the identity provider', ({ place, open }) => {
  const by = { codeHash: 'unknown', from: '203.0.113.7', now: 5 };
  const alice = { subject: 'https://login.example 42', name: 'Alice', roles: ['agent'] as const };

  it('is added, follows the roles that are told, and stays that of the same person', async () => {
    const store = await open(await place());
    expect(await accountOf(store, alice, by)).toEqual({ name: 'Alice' });
    const roles = ['agent', 'supervisor'] as const;
    // The name at the provider has changed meanwhile.
    expect(await accountOf(store, { ...alice, name: 'Alicia', roles }, by)).toEqual({ name: 'Alice' });
    expect(await store.read(readAccounts)).toEqual([
      { name: 'Alice', roles, codeHash: 'unknown', addedAt: 5, removedAt: null },
    ]);
    // Somebody else has taken it.
    expect(await accountOf(store, { ...alice, subject: 'https://login.example 43' }, by)).toEqual({
      fault: expect.stringContaining('belongs to somebody else'),
    });
    const rows = await store.read((db) =>
      db.selectFrom('audit').select(['what', 'details']).orderBy('id').execute(),
    );
    expect(rows).toEqual([
      { what: 'account added', details: 'agent, by the identity provider' },
      { what: 'roles changed', details: 'agent → agent, supervisor, by the identity provider' },
    ]);
  });

  it('that was removed stays removed, and one that is there keeps its code', async () => {
    const store = await open(await place());
    const account = {
      name: 'alice',
      roles: ['agent'] as const,
      codeHash: 'own',
      addedAt: 1,
      removedAt: null,
    };
    await store.write((transaction) => saveAccount(transaction, account));
    expect(await accountOf(store, alice, by)).toEqual({ name: 'alice' });
    expect((await store.read(readAccounts))[0]?.codeHash).toBe('own');
    await store.write((transaction) => saveAccount(transaction, { ...account, removedAt: 3 }));
    expect(await accountOf(store, alice, by)).toEqual({ fault: expect.stringContaining('was removed') });
  });
});
