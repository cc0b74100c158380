import { expect, test } from 'vitest';
import { VoiceScene } from './support/voice-scene.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

test('an application beside the platform lets its timers run on the virtual clock', async () => {
  const ncco = [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }];
  await using scene = await VoiceScene.start(ncco, { virtual: { seed: 1, start: START } });
  const { platform, application } = scene;
  const { clock } = platform;
  platform.agent('Alice', { does: 'answer' });
  let hungUpAt = 0;
  application.acknowledge = ({ status, from, uuid }) => {
    if (status === 'answered' && from === '447700900000')
      clock.after(3_600_000, () => {
        hungUpAt = clock.now();
        void clock.during(scene.request('PUT', `/${uuid}`, { action: 'hangup' }));
      });
    return {};
  };
  await platform.call().over;
  await platform.settled();
  expect(hungUpAt).toBe(START + 3_600_000);
  const completed = application.events.filter(({ status }) => status === 'completed');
  expect(completed.map(({ duration }) => duration)).toEqual(expect.arrayContaining(['3600', '3600']));
});
