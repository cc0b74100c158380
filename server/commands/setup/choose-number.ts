import type { OwnNumber } from '../../vonage/account.ts';

export interface NumberWish {
  /** The number to use, E.164 without `+`. */
  number: string | undefined;
  /** A number that may be bought. */
  buy: string | undefined;
  /** Undefined: the application does not exist yet. */
  applicationId: string | undefined;
}

export type NumberChoice =
  | { kind: 'linked'; number: OwnNumber }
  /** `costs`: what others would lose, one sentence each. */
  | { kind: 'link'; number: OwnNumber; costs: string[] }
  | { kind: 'buy'; msisdn: string }
  /** Several are free. */
  | { kind: 'choose'; numbers: OwnNumber[] }
  /** None is free. */
  | { kind: 'none'; taken: OwnNumber[] }
  | { kind: 'impossible'; why: string; remedy: string };

/** Chooses the number that callers dial. @param owned all numbers of the account */
export function chooseNumber(wish: NumberWish, owned: readonly OwnNumber[]): NumberChoice {
  const { number: wanted = wish.buy, buy, applicationId } = wish;
  if (wanted !== undefined) {
    if (buy !== undefined && buy !== wanted) {
      return {
        kind: 'impossible',
        why: `VONAGE_NUMBER is ${wanted}, but --buy is ${buy}.`,
        remedy: 'Remove VONAGE_NUMBER from .env, or leave out --buy.',
      };
    }
    const found = owned.find((one) => one.msisdn === wanted);
    if (found) return take(found, applicationId);
    if (buy !== undefined) return { kind: 'buy', msisdn: buy };
    const numbers = owned.map((one) => one.msisdn).join(', ');
    return {
      kind: 'impossible',
      why: `The account does not own ${wanted}. It owns ${numbers === '' ? 'no number' : numbers}.`,
      remedy: 'Set VONAGE_NUMBER to one that it owns, or remove it and buy one with --buy.',
    };
  }
  const callable = owned.filter((one) => one.hasVoice);
  const linked = callable.find((one) => applicationId !== undefined && one.applicationId === applicationId);
  if (linked) return { kind: 'linked', number: linked };
  const free = callable.filter((one) => one.applicationId === undefined && one.forwardsTo === undefined);
  const [first, second] = free;
  if (first === undefined) return { kind: 'none', taken: callable };
  return second === undefined ? take(first, applicationId) : { kind: 'choose', numbers: free };
}

/** What using this number means. */
export function take(number: OwnNumber, applicationId: string | undefined): NumberChoice {
  if (!number.hasVoice) {
    return {
      kind: 'impossible',
      why: `+${number.msisdn} has no voice, so it cannot be called.`,
      remedy: 'Set VONAGE_NUMBER to a number with voice.',
    };
  }
  if (number.applicationId !== undefined && number.applicationId === applicationId) {
    return { kind: 'linked', number };
  }
  const costs =
    number.applicationId !== undefined
      ? [`It is linked to another application, ${number.applicationId}, which would no longer get its calls.`]
      : number.forwardsTo !== undefined
        ? [`It forwards calls to ${number.forwardsTo}, which would no longer get them.`]
        : [];
  return { kind: 'link', number, costs };
}
