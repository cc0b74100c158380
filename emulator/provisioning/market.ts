import type { MarketNumber } from './state.ts';

type Line = Omit<MarketNumber, 'msisdn'> & {
  /** The first number; the others follow it at a distance. */
  first: number;
};

const VOICE: MarketNumber['features'] = ['VOICE'];
const SMS_VOICE: MarketNumber['features'] = ['SMS', 'VOICE'];
const ALL: MarketNumber['features'] = ['SMS', 'VOICE', 'MMS'];

/** Where a country has numbers that are set apart for fiction, those: they are nobody's. */
const LINES: Line[] = [
  { country: 'GB', type: 'landline', features: VOICE, cost: '0.90', first: 442079460004 },
  { country: 'GB', type: 'mobile-lvn', features: SMS_VOICE, cost: '1.25', first: 447700900503 },
  { country: 'GB', type: 'landline-toll-free', features: VOICE, cost: '2.80', first: 448081570012 },
  { country: 'US', type: 'mobile-lvn', features: ALL, cost: '0.90', first: 12125550104 },
  { country: 'US', type: 'landline-toll-free', features: ALL, cost: '1.60', first: 18885550105 },
  { country: 'CA', type: 'mobile-lvn', features: SMS_VOICE, cost: '0.90', first: 14165550106 },
  { country: 'ES', type: 'landline', features: VOICE, cost: '1.10', first: 34910500021 },
  { country: 'ES', type: 'mobile-lvn', features: SMS_VOICE, cost: '3.95', first: 34600500013 },
  { country: 'FR', type: 'landline', features: VOICE, cost: '1.10', first: 33199000011 },
  { country: 'FR', type: 'mobile-lvn', features: SMS_VOICE, cost: '4.50', first: 33639980014 },
  { country: 'DE', type: 'landline', features: VOICE, cost: '1.20', first: 493023125010 },
  { country: 'AU', type: 'landline', features: VOICE, cost: '1.90', first: 61255500015 },
  { country: 'SE', type: 'landline', features: VOICE, cost: '1.20', first: 46846500403 },
];

/** Numbers of one kind, and how far they are apart. */
const EACH = 12;
const APART = 7;

/** The numbers that can be bought: always the same. */
export function numbersOnTheMarket(): MarketNumber[] {
  return LINES.flatMap(({ first, ...line }) =>
    Array.from({ length: EACH }, (_, index) => ({ ...line, msisdn: String(first + index * APART) })),
  );
}

/** Calling codes, longest first where one begins another. */
const CODES: [code: string, country: string][] = [
  ['1416', 'CA'],
  ['353', 'IE'],
  ['351', 'PT'],
  ['44', 'GB'],
  ['34', 'ES'],
  ['33', 'FR'],
  ['49', 'DE'],
  ['61', 'AU'],
  ['46', 'SE'],
  ['52', 'MX'],
  ['1', 'US'],
];

/** Where numbers are from, and what one dials before them. */
export const COUNTRIES = CODES.map(([code, country]) => ({
  country,
  prefix: code.startsWith('1') ? '1' : code,
}));

/** The line of a number that was never on the market: of the country of its calling code, else of Britain. */
export function lineOf(msisdn: string): MarketNumber {
  const offered = numbersOnTheMarket().find((one) => one.msisdn === msisdn);
  if (offered) return offered;
  const country = CODES.find(([code]) => msisdn.startsWith(code))?.[1] ?? 'GB';
  return { country, msisdn, type: 'landline', features: VOICE, cost: '0.90' };
}
