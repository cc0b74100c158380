import { audit } from '../audit/audit.ts';
import type { Store } from '../store/store.ts';
import { namedAgent } from './access-codes.ts';
import { readAccounts, saveAccount } from './accounts.ts';
import type { OpenIdPerson } from './openid.ts';

/**
 * The account of somebody whom the identity provider vouches for: it is added where it is missing, and gets the roles
 * that the provider told. From then on it belongs to this person alone, whoever else takes the same name there.
 * @returns its name, or why the person may not sign in, in words
 */
export async function accountOf(
  store: Store,
  { subject, name: told, roles }: OpenIdPerson,
  { codeHash, from, now }: { codeHash: string; from: string | null; now: number },
): Promise<{ name: string } | { fault: string }> {
  return store.write(async (transaction) => {
    const bound = await transaction
      .selectFrom('account_subjects')
      .select('name')
      .where('subject', '=', subject)
      .executeTakeFirst();
    const accounts = await readAccounts(transaction);
    const name =
      bound?.name ??
      namedAgent(
        told,
        accounts.map((account) => account.name),
      );
    if (bound === undefined) {
      const other = await transaction
        .selectFrom('account_subjects')
        .select('subject')
        .where('name', '=', name)
        .executeTakeFirst();
      if (other !== undefined) {
        return {
          fault: `The account ${name} belongs to somebody else. Ask the person who runs this server.`,
        };
      }
    }
    const account = accounts.find((each) => each.name === name);
    if (account !== undefined && account.removedAt !== null) {
      return { fault: `${name} was removed. Ask the person who runs this server.` };
    }
    if (bound === undefined)
      await transaction.insertInto('account_subjects').values({ subject, name }).execute();
    const isSame = account?.roles.join() === roles.join();
    if (account !== undefined && isSame && account.codeHash !== null) return { name };
    await saveAccount(transaction, {
      name,
      roles,
      // A code that nobody knows: the server makes others for accounts that have none.
      codeHash: account?.codeHash ?? codeHash,
      addedAt: account?.addedAt ?? Math.round(now),
      removedAt: null,
    });
    if (!isSame) {
      const what = account === undefined ? 'account added' : 'roles changed';
      const before = account === undefined ? '' : `${account.roles.join(', ')} → `;
      const details = `${before}${roles.join(', ')}, by the identity provider`;
      await audit(transaction, { who: name, what, of: name, from, details }, now);
    }
    return { name };
  });
}
