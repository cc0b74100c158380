import type { World } from '../world.ts';
import type { Credentials, Directory, UserDirectory } from './account.ts';
import type { ApplicationRegistry } from './applications.ts';
import { createApplicationRegistry } from './applications.ts';
import { signsCallbacks } from './capabilities.ts';
import type { NumberRegistry } from './numbers.ts';
import { createNumberRegistry } from './numbers.ts';
import type { AccountState, PlatformState } from './state.ts';
import { createUserDirectory } from './users.ts';

/** A customer of the platform: keys, secrets and money. */
export type Account = Omit<AccountState, 'applications' | 'numbers'>;

/** All that customers have on the platform, and can change there. */
export interface Provisioning extends Directory {
  readonly applications: ApplicationRegistry;
  readonly numbers: NumberRegistry;
  accounts(): Account[];
  account(apiKey: string): Account | undefined;
  /** The account of an API key and one of its secrets. */
  authenticate(apiKey: string, apiSecret: string): Account | undefined;
  /** Changes an account's own settings. */
  changeAccount(account: Account, change: Partial<Omit<Account, 'apiKey'>>): void;
  /** Deletes an application with its users; its numbers stay with the account. False if it does not exist. */
  removeApplication(id: string): boolean;
  /**
   * What a program needs to be an application.
   * @param application its id or its name. Throws, with a message, if it does not exist, or only its owner has its key.
   */
  credentials(application: string): Credentials;
  /** All of it, for a file. */
  state(): PlatformState;
}

/**
 * @param initial what there is to begin with.
 * @param changed told after each change.
 */
export function createProvisioning(
  world: World,
  initial: AccountState[],
  changed: () => void = () => {},
): Provisioning {
  const accounts = new Map<string, Account>();
  const users = new Map<string, UserDirectory>();
  for (const { applications, numbers: _, ...account } of initial) {
    accounts.set(account.apiKey, account);
    for (const one of applications) users.set(one.id, createUserDirectory(world, one.users, changed));
  }
  const applications = createApplicationRegistry(world, initial, changed);
  const numbers = createNumberRegistry(initial, changed);
  /** How many webhooks of each account were signed. */
  const signed = new Map<string, number>();
  const numbersOf = (applicationId: string) => {
    const apiKey = applications.get(applicationId)?.apiKey ?? '';
    const linked = numbers.of(apiKey).filter((one) => one.applicationId === applicationId);
    return linked.map((one) => one.msisdn);
  };

  return {
    applications,
    numbers,
    accounts: () => [...accounts.values()],
    account: (apiKey) => accounts.get(apiKey),
    authenticate(apiKey, apiSecret) {
      const account = accounts.get(apiKey);
      return account?.apiSecrets.some((one) => one.secret === apiSecret) ? account : undefined;
    },
    changeAccount(account, change) {
      Object.assign(account, change);
      changed();
    },
    application: (id) => applications.get(id),
    applicationOf: (number) => applications.get(numbers.get(number)?.applicationId ?? ''),
    numbersOf,
    users(applicationId) {
      const known = users.get(applicationId);
      if (known) return known;
      const made = createUserDirectory(world, [], changed);
      if (applications.get(applicationId)) users.set(applicationId, made);
      return made;
    },
    signer(applicationId) {
      const application = applications.get(applicationId);
      const account = accounts.get(application?.apiKey ?? '');
      const identity = { apiKey: application?.apiKey ?? '', applicationId };
      if (!application || !account || !signsCallbacks(application.capabilities)) return identity;
      const { signatureSecrets } = account;
      const turn = signed.get(account.apiKey) ?? 0;
      signed.set(account.apiKey, turn + 1);
      const signatureSecret = signatureSecrets[turn % signatureSecrets.length] ?? signatureSecrets[0];
      return { ...identity, signatureSecret };
    },
    removeApplication(id) {
      if (!applications.remove(id)) return false;
      users.delete(id);
      numbers.unlink(id);
      return true;
    },
    credentials(idOrName) {
      const application = applications.get(idOrName) ?? applications.named(idOrName);
      const account = accounts.get(application?.apiKey ?? '');
      if (!application || !account) throw new Error(`There is no application ${idOrName}.`);
      const { id, privateKey } = application;
      if (privateKey === undefined)
        throw new Error(`Only the owner of application ${id} has its private key.`);
      return {
        application_id: id,
        private_key: privateKey,
        api_key: account.apiKey,
        api_secret: account.apiSecrets[0]?.secret ?? '',
        signature_secret: account.signatureSecrets[0],
        number: numbersOf(id)[0] ?? '',
      };
    },
    state: () => ({
      version: 1,
      accounts: [...accounts.values()].map((account) => ({
        ...account,
        applications: applications
          .of(account.apiKey)
          .map(({ apiKey: _, webhooks: __, region: ___, ...application }) => ({
            ...application,
            users: users.get(application.id)?.list() ?? [],
          })),
        numbers: numbers.of(account.apiKey),
      })),
    }),
  };
}
