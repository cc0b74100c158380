import { describe, expect, it } from 'vitest';
import type { OwnNumber } from '../../vonage/account.ts';
import { chooseNumber, type NumberWish } from './choose-number.ts';

function own(msisdn: string, more: Partial<OwnNumber> = {}): OwnNumber {
  return {
    country: 'GB',
    msisdn,
    hasVoice: true,
    applicationId: undefined,
    forwardsTo: undefined,
    moHttpUrl: undefined,
    voiceStatusCallback: undefined,
    ...more,
  };
}

const FREE = own('4401');
const OTHER_FREE = own('4402');
const LINKED = own('4403', { applicationId: 'ours' });
const TAKEN = own('4404', { applicationId: 'theirs' });
const FORWARDED = own('4405', { forwardsTo: 'tel 4499' });
const SILENT = own('4406', { hasVoice: false });

/** What was chosen, in short. */
function chosen(owned: OwnNumber[], wish: Partial<NumberWish> = {}): string {
  const choice = chooseNumber({ number: undefined, buy: undefined, applicationId: 'ours', ...wish }, owned);
  switch (choice.kind) {
    case 'linked':
      return `linked ${choice.number.msisdn}`;
    case 'link':
      return `${choice.costs.length > 0 ? 'take' : 'link'} ${choice.number.msisdn}`;
    case 'buy':
      return `buy ${choice.msisdn}`;
    case 'choose':
      return `choose ${choice.numbers.map((one) => one.msisdn).join(' ')}`;
    case 'none':
      return `none; taken ${choice.taken.map((one) => one.msisdn).join(' ')}`;
    case 'impossible':
      return `impossible: ${choice.why}`;
  }
}

describe('choosing the number', () => {
  it.each([
    ['the one that is already linked', [FREE, TAKEN, LINKED], {}, 'linked 4403'],
    ['the only free one', [TAKEN, FREE, FORWARDED, SILENT], {}, 'link 4401'],
    ['one of several free ones, by asking', [FREE, OTHER_FREE], {}, 'choose 4401 4402'],
    ['none that is in use', [TAKEN, FORWARDED, SILENT], {}, 'none; taken 4404 4405'],
    ['none if the account has none', [], {}, 'none; taken '],
    ['a free one for a new application', [LINKED, FREE], { applicationId: undefined }, 'link 4401'],
    ['the requested one', [FREE, OTHER_FREE], { number: '4402' }, 'link 4402'],
    ['the requested one that is already linked', [LINKED, FREE], { number: '4403' }, 'linked 4403'],
    ['the requested one of another application', [FREE, TAKEN], { number: '4404' }, 'take 4404'],
    ['the requested one that forwards its calls', [FREE, FORWARDED], { number: '4405' }, 'take 4405'],
    [
      'none without voice',
      [SILENT],
      { number: '4406' },
      'impossible: +4406 has no voice, so it cannot be called.',
    ],
    [
      'none of another account',
      [FREE],
      { number: '4400' },
      'impossible: The account does not own 4400. It owns 4401.',
    ],
    ['one to buy', [FREE], { buy: '4400' }, 'buy 4400'],
    ['one to buy that is also requested', [FREE], { buy: '4400', number: '4400' }, 'buy 4400'],
    ['one that was bought before', [own('4400')], { buy: '4400' }, 'link 4400'],
    [
      'an error if the requested one is not the one to buy',
      [FREE],
      { buy: '4400', number: '4401' },
      'impossible: VONAGE_NUMBER is 4401, but --buy is 4400.',
    ],
  ])('%s', (_name, owned, wish, expected) => {
    expect(chosen(owned, wish)).toBe(expected);
  });
});
