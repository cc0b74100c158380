import { numbersOnTheMarket } from './market.ts';
import type { AccountState, MarketNumber, NumberSettings, OwnedNumber } from './state.ts';

/** A number, named as the Numbers API wants it named: the country must be its own. */
export interface NumberName {
  country: string;
  msisdn: string;
}

/** Every number of the platform: who owns it, what it is linked to, and what can be bought. */
export interface NumberRegistry {
  get(msisdn: string): OwnedNumber | undefined;
  /** What an account owns, oldest first. */
  of(apiKey: string): OwnedNumber[];
  /** What nobody owns. */
  offers(): MarketNumber[];
  /** False when it is not for sale, or dearer than what the account has left. */
  buy(account: Buyer, name: NumberName): boolean;
  /** Gives a number back. False when the account does not own it. */
  cancel(account: Buyer, name: NumberName): boolean;
  /** Replaces what a number does. False when the account does not own it. */
  update(account: Buyer, name: NumberName, does: NumberUse): boolean;
  /** Frees the numbers that are linked to an application. */
  unlink(applicationId: string): void;
}

export interface NumberUse {
  applicationId?: string;
  settings: NumberSettings;
}

type Buyer = Pick<AccountState, 'apiKey' | 'balance'>;

/** @param changed told after each change. */
export function createNumberRegistry(accounts: AccountState[], changed: () => void): NumberRegistry {
  const market = new Map(numbersOnTheMarket().map((one) => [one.msisdn, one]));
  const owned = new Map<string, { apiKey: string; number: OwnedNumber }>();
  for (const { apiKey, numbers } of accounts) {
    for (const number of numbers) owned.set(number.msisdn, { apiKey, number });
  }
  const ownedBy = (account: Buyer, { country, msisdn }: NumberName) => {
    const found = owned.get(msisdn);
    return found?.apiKey === account.apiKey && found.number.country === country ? found.number : undefined;
  };
  return {
    get: (msisdn) => owned.get(msisdn)?.number,
    of: (apiKey) => [...owned.values()].filter((one) => one.apiKey === apiKey).map((one) => one.number),
    offers: () => [...market.values()].filter((one) => !owned.has(one.msisdn)),
    buy(account, { country, msisdn }) {
      const offer = market.get(msisdn);
      if (offer?.country !== country || owned.has(msisdn) || Number(offer.cost) > account.balance)
        return false;
      account.balance -= Number(offer.cost);
      owned.set(msisdn, { apiKey: account.apiKey, number: { ...offer, settings: {} } });
      changed();
      return true;
    },
    cancel(account, name) {
      if (!ownedBy(account, name)) return false;
      owned.delete(name.msisdn);
      changed();
      return true;
    },
    update(account, name, { applicationId, settings }) {
      const number = ownedBy(account, name);
      if (!number) return false;
      delete number.applicationId;
      if (applicationId !== undefined) number.applicationId = applicationId;
      number.settings = settings;
      changed();
      return true;
    },
    unlink(applicationId) {
      for (const { number } of owned.values()) {
        if (number.applicationId === applicationId) delete number.applicationId;
      }
      changed();
    },
  };
}
