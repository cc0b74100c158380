import { expect, test } from 'vitest';
import { voicemailIn } from './note.ts';

const recorded = {
  recording_url: 'https://api.nexmo.com/v1/files/1',
  start_time: '2026-03-02T09:00:00Z',
  end_time: '2026-03-02T09:00:12Z',
};

test('a recording belongs to the voicemail that its address names', () => {
  const url = recorded.recording_url;
  expect(voicemailIn(recorded, ['voicemail', 'ab12'])).toEqual({
    kind: 'recorded',
    id: 'ab12',
    url,
    seconds: 12,
    conversation: null,
  });
  expect(voicemailIn(recorded, ['event'])).toBeUndefined();
  expect(voicemailIn({}, ['voicemail', 'ab12'])).toBeUndefined();
  const transcription_url = 'https://api.nexmo.com/v1/files/2';
  const transcribed = {
    status: 'transcribed',
    type: 'record',
    transcription_url,
    conversation_uuid: 'CON-1',
  };
  expect(voicemailIn(transcribed, ['voicemail', 'ab12'])).toEqual({
    kind: 'transcribed',
    id: 'ab12',
    url: transcription_url,
    conversation: 'CON-1',
  });
});

test.each(['../../x', '..', 'a/b', 'a\\b', 'a\0', '', 'x'.repeat(181)])(
  'an address with an id that is no file name is none of ours (%j)',
  (id) => {
    expect(voicemailIn(recorded, ['voicemail', id])).toBeUndefined();
  },
);
