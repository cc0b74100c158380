import { expect, test } from 'vitest';
import { checkOptions } from './options.ts';

test.each<[unknown, string]>([
  [{ port: 'abc' }, 'port must be a port, 0 to 65535, not "abc"'],
  [{ host: 7 }, 'host must be a host name or an address, not 7'],
  [{ caller: 'x' }, 'caller must be a text of 3 to 15 digits, not "x"'],
  [{ limits: 'none' }, 'limits must be true, false or "carriers", not "none"'],
  [{ virtual: true }, 'virtual must be an object with seed and start, both numbers, not true'],
  [
    { tls: { authority: 5 } },
    'tls must be true, false, or an object with the name of a file as its authority, not {"authority":5}',
  ],
  [{ log: console }, 'log must be a function, not {}'],
  [{ answerUrl: 'nonsense' }, 'answerUrl must be an http or https address, not "nonsense"'],
  [
    { signatureSecret: '' },
    'signatureSecret must be a text, or a list of two: the new one and the former one, not ""',
  ],
  [{ numbers: '5' }, 'numbers must be a list, not "5"'],
  [{ accounts: [] }, 'accounts must hold at least one account, not []'],
  [
    { applications: [{ name: 'Shop' }, {}] },
    'applications[1].name must be a text of 1 character or more, not undefined',
  ],
  [{ applications: ['Shop'] }, 'applications[0] must be an object, not "Shop"'],
  [
    { accounts: [{ applications: [{ name: 'Shop', answerUrl: { address: 'x' } }] }] },
    'accounts[0].applications[0].answerUrl must be an http or https address, or an object with one as its address, not {"address":"x"}',
  ],
  [{ answerURL: 'http://x' }, 'the options must not have "answerURL", which is unknown'],
  [
    { port: -1, state: '' },
    'port must be a port, 0 to 65535, not -1; state must be the name of a file, not ""',
  ],
  [null, 'the options must be an object, not null'],
])('createPlatform(%j) fails in words', (options, words) => {
  expect(() => checkOptions(options)).toThrow(new Error(`createPlatform: ${words}`));
});

test('options that are right, or absent, are taken', () => {
  checkOptions({});
  checkOptions({ log: undefined, tls: {}, virtual: undefined, faults: [], limits: 'carriers' });
  checkOptions({
    accounts: [
      {
        signatureSecret: ['new', 'former'],
        applications: [{ name: 'Shop', eventUrl: { address: 'http://x' } }],
      },
    ],
  });
});
