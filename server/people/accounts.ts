import type { Kysely } from 'kysely';
import { ROLES, type Role } from '../../domain/api/page-api.ts';
import { audit } from '../audit/audit.ts';
import type { AccountRow, Schema } from '../store/schema.ts';
import type { StoreTransaction } from '../store/store.ts';

/** Someone who may sign in, or could until removed. */
export interface Account {
  /** The name of the Vonage user, too. */
  name: string;
  roles: readonly Role[];
  /** Of the access code; null: none was made here. */
  codeHash: string | null;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** Null: is not removed. Removed accounts are kept, so that AGENTS does not bring them back. */
  removedAt: number | null;
}

/** Accounts that AGENTS asks for: the first has every role, the others take calls. */
export function accountsOf(agents: readonly string[], now: number): Account[] {
  return agents.map((name, index) => ({
    name,
    roles: index === 0 ? ROLES : ['agent'],
    codeHash: null,
    addedAt: now,
    removedAt: null,
  }));
}

/** Every account, removed ones too, oldest first. */
export async function readAccounts(db: Kysely<Schema>): Promise<Account[]> {
  const rows = await db.selectFrom('accounts').selectAll().orderBy('added_at').orderBy('name').execute();
  return rows.map((row) => ({
    name: row.name,
    roles: ROLES.filter((role) => row.roles.split(',').includes(role)),
    codeHash: row.code_hash,
    addedAt: row.added_at,
    removedAt: row.removed_at,
  }));
}

/** Adds the accounts that AGENTS names for the first time. All others stay as they are. */
export async function seedAccounts(
  transaction: StoreTransaction,
  agents: readonly string[],
  now: number,
): Promise<void> {
  for (const account of accountsOf(agents, now)) {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('accounts')
      .values(rowOf(account))
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) continue;
    const { name, roles } = account;
    await audit(
      transaction,
      { who: null, what: 'account added', of: name, from: 'AGENTS', details: roles.join(', ') },
      now,
    );
  }
}

/** Adds an account, or replaces the one of the same name. */
export async function saveAccount(transaction: StoreTransaction, account: Account): Promise<void> {
  const row = rowOf(account);
  await transaction
    .insertInto('accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

/** Ends all sessions of someone, on every server. */
export async function endSessions(transaction: StoreTransaction, name: string): Promise<void> {
  await transaction.deleteFrom('sessions').where('agent', '=', name).execute();
}

/** Sets the code of an account that has none. Returns whether it is the code now. */
export async function saveFirstCode(
  transaction: StoreTransaction,
  name: string,
  codeHash: string,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('accounts')
    .set({ code_hash: codeHash })
    .where('name', '=', name)
    .where('code_hash', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function rowOf({ name, roles, codeHash, addedAt, removedAt }: Account): AccountRow {
  return {
    name,
    roles: roles.join(','),
    code_hash: codeHash,
    added_at: addedAt,
    removed_at: removedAt,
  };
}
