import { describe, expect, it } from 'vitest';
import { WrongUse } from './command.ts';
import { readPlatformOptions } from './platform-options.ts';

describe('the options of a platform', () => {
  it('have defaults, and leave out what is not set', () => {
    expect(readPlatformOptions({}, {})).toEqual({ port: 3001, portIsFixed: false, faults: [] });
  });

  it('come from the command line, then from the environment', () => {
    const environment = {
      EMULATOR_PORT: '4000',
      EMULATOR_NUMBER: '+44 20 1234',
      EMULATOR_STATE: 'kept.json',
    };
    expect(readPlatformOptions({ port: '5000', 'answer-url': 'http://localhost/a' }, environment)).toEqual({
      port: 5000,
      portIsFixed: true,
      number: '44201234',
      state: 'kept.json',
      answerUrl: 'http://localhost/a',
      faults: [],
    });
  });

  it.each([
    ['all', true],
    ['carriers', 'carriers'],
    ['none', false],
  ])('lift limits with --limits %s', (limits, expected) => {
    expect(readPlatformOptions({ limits }, {})).toMatchObject({ limits: expected });
  });

  it('report everything that is wrong together', () => {
    const read = () =>
      readPlatformOptions(
        { port: '99999', number: 'x', 'event-url': 'ftp://x', limits: 'few', fault: ['drip', 'drop'] },
        {},
      );
    expect(read).toThrow(WrongUse);
    expect(read).toThrow(/--port must.*\n(.*\n)*--number must.*\n--event-url must/);
    expect(read).toThrow(/--fault drip/);
    expect(read).toThrow(/--limits must be all, carriers, none, not "few"/);
  });
});
