import { describe, expect, it } from 'vitest';
import { answerEntry, CALLER_LEG, eventEntry } from '../../../domain/calls/testing.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { type CallerAudio, callerAudioOf } from './caller-audio.ts';
import { ladderFrom } from './testing.ts';

const connect: Ncco[number] = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] };
const talk: Ncco[number] = { action: 'talk', text: 'Please wait' };

const asked = (...ncco: Ncco) => answerEntry(ncco, { uuid: CALLER_LEG });
const caller = (status: string) => eventEntry({ uuid: CALLER_LEG, status, direction: 'inbound' });
const agent = (status: string, to = 'Alice') =>
  eventEntry({ uuid: `leg of ${to}`, to, status, direction: 'outbound' });
const broken = eventEntry({ reason: 'bad NCCO' });

function heardAfter(entries: readonly LogEntry[]): CallerAudio | null {
  const inOrder = entries.map((entry, index) => ({ ...entry, id: index, receivedAt: index * 100 }));
  return callerAudioOf(ladderFrom(inOrder));
}

describe('what the caller hears', () => {
  const before = [caller('started'), asked(talk, connect), caller('answered')];
  const ringing = [...before, agent('started')];

  it.each<[string, readonly LogEntry[], CallerAudio | null]>([
    ['before anything is known', [], null],
    ['of a call that only an agent is in', [agent('started')], null],
    ['when the call comes in', [caller('started')], { name: 'ringing', who: null }],
    ['until Vonage answers', [caller('started'), asked(talk)], { name: 'ringing', who: null }],
    ['when Vonage answers', before, { name: 'message', text: 'Please wait' }],
    ['without a message', [caller('answered'), asked(connect)], { name: 'ringing', who: null }],
    [
      'where a file is played',
      [asked({ action: 'stream', streamUrl: ['https://example.com/a.mp3'] }), caller('answered')],
      { name: 'playing', action: 'stream' },
    ],
    ['where the NCCO makes no sound', [asked({ action: 'wait' }), caller('answered')], { name: 'nothing' }],
    ['where the NCCO is empty', [asked(), caller('answered')], { name: 'nothing' }],
    ['where no NCCO is known', [caller('answered')], null],
    ['where Vonage refuses the NCCO', [...before, broken], { name: 'nothing' }],
    [
      'where another NCCO follows',
      [...before, broken, asked(talk)],
      { name: 'message', text: 'Please wait' },
    ],
    ['while an agent is called', ringing, { name: 'ringing', who: 'Alice' }],
    ['when the agent answers', [...ringing, agent('answered')], { name: 'talking', who: 'Alice' }],
    ['when the agent rejects the call', [...ringing, agent('rejected')], { name: 'nothing' }],
    [
      'while the next agent is called',
      [...ringing, agent('rejected'), agent('started', 'Bob')],
      { name: 'ringing', who: 'Bob' },
    ],
    ['when the agent has hung up', [...ringing, agent('answered'), agent('completed')], { name: 'nothing' }],
    [
      'when an NCCO follows the agent',
      [...ringing, agent('completed'), asked(talk)],
      { name: 'message', text: 'Please wait' },
    ],
    ['when the caller has hung up', [...ringing, caller('completed')], { name: 'over' }],
    [
      'though the agent is still there',
      [...ringing, agent('answered'), caller('completed')],
      { name: 'over' },
    ],
  ])('%s', (_, entries, expected) => {
    expect(heardAfter(entries)).toEqual(expected);
  });
});
