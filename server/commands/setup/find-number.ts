import type { Account, Offer, OwnNumber } from '../../vonage/account.ts';
import type { NumberChoice, NumberWish } from './choose-number.ts';
import { chooseNumber, take } from './choose-number.ts';
import type { SetupOptions } from './options.ts';
import type { Questions } from './talk.ts';
import { SetupTrouble } from './trouble.ts';

/** The number that callers will dial: owned, or approved for buying. */
export type FoundNumber =
  | { kind: 'linked'; number: OwnNumber }
  | { kind: 'link'; number: OwnNumber; costs: string[] }
  | { kind: 'buy'; offer: Offer };

const STEP = 'the number';
/** Number of offers shown per type. */
const SHOWN = 4;
const NEW = 'new';

interface NumberSearch {
  wish: NumberWish;
  owned: readonly OwnNumber[];
  account: Pick<Account, 'offers'>;
  options: Pick<SetupOptions, 'country' | 'yes' | 'dryRun'>;
  ask: Questions | undefined;
}

/** Finds the number, and asks if there is a choice. Throws a SetupTrouble if nobody can answer. */
export async function findNumber(search: NumberSearch): Promise<FoundNumber> {
  const choice = chooseNumber(search.wish, search.owned);
  switch (choice.kind) {
    case 'linked':
    case 'link':
      return choice;
    case 'buy':
      return buy(choice.msisdn, search);
    case 'impossible':
      throw new SetupTrouble(STEP, choice.why, choice.remedy);
    case 'choose':
      return taken(await chooseOwn(choice.numbers, search, 'Which number should callers dial?'), search);
    case 'none': {
      if (search.ask === undefined || choice.taken.length === 0) return buyAny(search, choice.taken);
      const chosen = await chooseOwn(
        choice.taken,
        search,
        'All numbers of the account are in use. Which one should callers dial?',
      );
      return taken(chosen, search);
    }
  }
}

function taken(number: OwnNumber | undefined, search: NumberSearch): Promise<FoundNumber> | FoundNumber {
  if (number === undefined) return buyAny(search, []);
  const choice: NumberChoice = take(number, search.wish.applicationId);
  if (choice.kind === 'link' || choice.kind === 'linked') return choice;
  throw new SetupTrouble(STEP, choice.kind === 'impossible' ? choice.why : 'This number cannot be used.');
}

/** Undefined: buy a new one. */
async function chooseOwn(numbers: readonly OwnNumber[], { ask }: NumberSearch, message: string) {
  if (ask === undefined) {
    const list = numbers.map((one) => one.msisdn).join(', ');
    throw new SetupTrouble(
      STEP,
      `The account has several free numbers: ${list}.`,
      'Set VONAGE_NUMBER to the one that callers should dial.',
    );
  }
  const options = numbers.map((one) => ({
    value: one.msisdn,
    label: `+${one.msisdn} (${useOf(one)})`,
  }));
  const chosen = await ask.choose({
    message,
    options: [...options, { value: NEW, label: 'Buy a new number' }],
  });
  return numbers.find((one) => one.msisdn === chosen);
}

function useOf({ country, applicationId, forwardsTo }: OwnNumber): string {
  if (applicationId !== undefined) return `${country}, linked to application ${applicationId}`;
  return forwardsTo === undefined ? country : `${country}, forwards calls to ${forwardsTo}`;
}

async function buyAny(search: NumberSearch, owned: readonly OwnNumber[]): Promise<FoundNumber> {
  const { account, ask, options } = search;
  const has =
    owned.length === 0 ? 'The account has no voice number' : 'All numbers of the account are in use';
  const country = options.country ?? (await askForCountry(ask));
  if (country === undefined) {
    throw new SetupTrouble(
      STEP,
      owned.length === 0
        ? `${has}.`
        : `${has}: ${owned.map((one) => `+${one.msisdn} (${useOf(one)})`).join('; ')}.`,
      'To see numbers for sale: npm run setup -- --country GB',
      ...(owned.length === 0 ? [] : ['To take one over: set VONAGE_NUMBER to it, and add --force.']),
    );
  }
  const offers = someOfEachKind(await account.offers(country));
  if (offers.length === 0) {
    throw new SetupTrouble(STEP, `No voice number is for sale in ${country}.`, 'Try another country.');
  }
  if (ask === undefined) {
    throw new SetupTrouble(
      STEP,
      `${has}. Numbers for sale in ${country}:`,
      ...offers.map(
        (one) => `${inWords(one)}: npm run setup -- --buy ${one.msisdn} --country ${country} --yes`,
      ),
    );
  }
  const chosen = await ask.choose({
    message: 'Which number? You confirm the price before it is bought',
    options: offers.map((one) => ({ value: one.msisdn, label: inWords(one) })),
  });
  const offer = offers.find((one) => one.msisdn === chosen);
  return { kind: 'buy', offer: await agreed(offer, chosen, search) };
}

/** The first few offers of each type, because a country has hundreds of similar ones. */
function someOfEachKind(offers: readonly Offer[]): Offer[] {
  const kinds = Map.groupBy(offers, (one) => one.type);
  return [...kinds.values()].flatMap((kind) => kind.slice(0, SHOWN));
}

async function askForCountry(ask: Questions | undefined): Promise<string | undefined> {
  const country = await ask?.text({
    message: 'Country of the new number, as two letters',
    example: 'GB',
    check: (answer) => (/^[a-z]{2}$/i.test(answer) ? undefined : 'Enter two letters, such as GB, US or ES.'),
  });
  return country?.toUpperCase();
}

async function buy(msisdn: string, search: NumberSearch): Promise<FoundNumber> {
  const country = search.options.country ?? (await askForCountry(search.ask));
  if (country === undefined) {
    throw new SetupTrouble(STEP, `The country of ${msisdn} is missing.`, 'Add it, for example: --country GB');
  }
  const offers = await search.account.offers(country, msisdn);
  const offer = offers.find((one) => one.msisdn === msisdn);
  return { kind: 'buy', offer: await agreed(offer, msisdn, search) };
}

/** The offer, once its price is accepted. */
async function agreed(
  offer: Offer | undefined,
  msisdn: string,
  { ask, options }: NumberSearch,
): Promise<Offer> {
  if (offer === undefined) {
    throw new SetupTrouble(
      STEP,
      `+${msisdn} is not for sale, or has no voice.`,
      `To see numbers for sale: npm run setup -- --country ${options.country ?? 'GB'}`,
    );
  }
  if (options.yes || options.dryRun) return offer;
  if (ask === undefined) {
    throw new SetupTrouble(STEP, `Buying ${inWords(offer)} needs your consent.`, 'Add --yes to buy it.');
  }
  const isYes = await ask.confirm({ message: `Buy ${inWords(offer)}?`, initial: false });
  if (!isYes)
    throw new SetupTrouble(
      STEP,
      `+${msisdn} was not bought.`,
      'Run "npm run setup" again to choose another.',
    );
  return offer;
}

export function inWords(offer: Offer): string {
  return `+${offer.msisdn} (${priceOf(offer)})`;
}

function priceOf({ type, cost }: Offer): string {
  return `${type}, ${/^\d/.test(cost) ? `€${cost} a month` : cost}`;
}
