import { createHash, randomBytes } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { endSessions } from './accounts.ts';

/** Days for which an invitation can be accepted. */
export const INVITATION_DAYS = 7;

const DAY_MS = 86_400_000;

/** 256 random bits in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** Invites someone who has an account, in place of an earlier invitation. Returns what the link must contain. */
export async function invite(transaction: StoreTransaction, agent: string, now: number): Promise<string> {
  await withdrawInvitations(transaction, agent);
  await transaction.deleteFrom('invitations').where('expires_at', '<=', now).execute();
  const token = randomBytes(32).toString('base64url');
  await transaction
    .insertInto('invitations')
    .values({ id: idOf(token), agent, expires_at: Math.round(now) + INVITATION_DAYS * DAY_MS })
    .execute();
  return token;
}

/** Ends the invitation of someone, if there is one. */
export async function withdrawInvitations(transaction: StoreTransaction, agent: string): Promise<void> {
  await transaction.deleteFrom('invitations').where('agent', '=', agent).execute();
}

/**
 * Accepts an invitation, which ends it: the account gets a new access code, and earlier sessions end.
 * @returns whose account it is; undefined: it was accepted before, has expired, or never existed
 */
export async function acceptInvitation(
  store: Store,
  token: string,
  { codeHash, from, now }: { codeHash: string; from: string | null; now: number },
): Promise<string | undefined> {
  if (!TOKEN.test(token)) return undefined;
  return store.write(async (transaction) => {
    const found = await transaction
      .selectFrom('invitations')
      .innerJoin('accounts', 'accounts.name', 'invitations.agent')
      .select('accounts.name')
      .where('invitations.id', '=', idOf(token))
      .where('invitations.expires_at', '>', now)
      .where('accounts.removed_at', 'is', null)
      .executeTakeFirst();
    if (found === undefined) return undefined;
    const { name } = found;
    await withdrawInvitations(transaction, name);
    await transaction.updateTable('accounts').set({ code_hash: codeHash }).where('name', '=', name).execute();
    await endSessions(transaction, name);
    await audit(transaction, { who: name, what: 'invitation accepted', from }, now);
    return name;
  });
}

/** The row id, which cannot be used to accept. */
function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
