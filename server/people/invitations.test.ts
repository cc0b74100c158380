import { expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { type Account, readAccounts, saveAccount } from './accounts.ts';
import { acceptInvitation, INVITATION_DAYS, invite, withdrawInvitations } from './invitations.ts';

const NOW = 1_000_000;

const dave: Account = { name: 'Dave', roles: ['agent'], codeHash: 'old', addedAt: 1, removedAt: null };

describeStores('an invitation', ({ place, open }) => {
  async function invited(): Promise<{ store: Store; token: string }> {
    const store = await open(await place());
    const token = await store.write(async (transaction) => {
      await saveAccount(transaction, dave);
      return invite(transaction, 'Dave', NOW);
    });
    return { store, token };
  }
  const accept = (store: Store, token: string, now = NOW + 1) =>
    acceptInvitation(store, token, { codeHash: 'new', from: '203.0.113.7', now });
  const codeOf = async (store: Store) => (await store.read(readAccounts))[0]?.codeHash;

  it('works once, even for those who come at the same time, and gives a new code', async () => {
    const { store, token } = await invited();
    expect(await codeOf(store)).toBe('old');
    const all = await Promise.all([accept(store, token), accept(store, token), accept(store, token)]);
    expect(all.filter((name) => name !== undefined)).toEqual(['Dave']);
    expect(await codeOf(store)).toBe('new');
    expect(await accept(store, token)).toBe(undefined);
  });

  it('is stored so that nobody who reads the database can accept it', async () => {
    const { store, token } = await invited();
    const rows = await store.read((db) => db.selectFrom('invitations').selectAll().execute());
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const { id } of rows) expect(await accept(store, id)).toBe(undefined);
  });

  it('expires', async () => {
    const { store, token } = await invited();
    expect(await accept(store, token, NOW + INVITATION_DAYS * 86_400_000)).toBe(undefined);
    expect(await codeOf(store)).toBe('old');
  });

  it('ends with a newer one, when it is withdrawn, and when the account is removed', async () => {
    const { store, token } = await invited();
    const newer = await store.write((transaction) => invite(transaction, 'Dave', NOW));
    expect(await accept(store, token)).toBe(undefined);
    await store.write((transaction) => saveAccount(transaction, { ...dave, removedAt: NOW }));
    expect(await accept(store, newer)).toBe(undefined);
    await store.write((transaction) => saveAccount(transaction, dave));
    await store.write((transaction) => withdrawInvitations(transaction, 'Dave'));
    expect(await accept(store, newer)).toBe(undefined);
    expect(await accept(store, 'x')).toBe(undefined);
  });

  it('ends the sessions of whoever has the old code', async () => {
    const { store, token } = await invited();
    const row = { id: 'a', agent: 'Dave', code_hash: 'h', created_at: NOW, expires_at: NOW + 1_000 };
    await store.write((transaction) => transaction.insertInto('sessions').values(row).execute());
    expect(await accept(store, token)).toBe('Dave');
    expect(await store.read((db) => db.selectFrom('sessions').selectAll().execute())).toEqual([]);
  });
});
