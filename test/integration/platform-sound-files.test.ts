import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listen } from '../../emulator/listen.ts';
import { serveTone, VoiceScene } from './support/voice-scene.ts';

let scene: VoiceScene;
beforeEach(async () => {
  scene = await VoiceScene.start([], { virtual: { seed: 1, start: 0 } });
});
afterEach(() => scene[Symbol.asyncDispose]());

/** Lets a caller hear a file; what the inspector shows of it. */
async function entryOf(address: string) {
  scene.application.answer = () => ({ body: [{ action: 'stream', streamUrl: [address] }] });
  const caller = scene.platform.call();
  await caller.over;
  await scene.platform.settled();
  const list = JSON.parse(await (await fetch(`${scene.platform.url}/emulator/requests?kind=stream`)).text());
  const [entry] = list.requests.filter(({ kind }: { kind: string }) => kind === 'stream');
  expect(entry).toMatchObject({ direction: 'out', what: 'stream', method: 'GET', leg: caller.leg.uuid });
  return entry;
}

test('the inspector shows a sound that was played', async () => {
  await using tone = await serveTone();
  expect(await entryOf(tone.url)).toMatchObject({ url: tone.url, status: 200, error: null, hint: null });
});

test('the inspector says what to do about a sound that is missing, moved, or no sound', async () => {
  const http = createServer(({ url }, response) => {
    if (url === '/moved') response.writeHead(302, { location: '/music.mp3' });
    else if (url === '/page') response.setHeader('content-type', 'text/html').write('<!doctype html>');
    else response.writeHead(404);
    response.end();
  });
  const base = `http://127.0.0.1:${await listen(http, '127.0.0.1', 0, true)}`;
  expect(await entryOf(`${base}/nowhere`)).toMatchObject({
    status: 404,
    hint: {
      code: 'sound-missing',
      text: expect.stringContaining('its URL answered 404. It must lead straight'),
    },
  });
  expect(await entryOf(`${base}/moved`)).toMatchObject({ status: 302, hint: { code: 'sound-missing' } });
  expect(await entryOf(`${base}/page`)).toMatchObject({
    status: 200,
    error: expect.any(String),
    hint: { code: 'sound-unreadable', text: expect.stringContaining('Use MP3, or WAV with 16 bits') },
  });
  http.closeAllConnections();
  await new Promise((done) => http.close(done));
  expect(await entryOf(base)).toMatchObject({
    status: null,
    error: 'refused the connection',
    hint: { code: 'sound-missing', text: expect.stringContaining('its URL refused the connection') },
  });
});
