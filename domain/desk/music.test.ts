import { expect, test } from 'vitest';
import { createTestDesk, deskRules } from './testing.ts';

const music = 'https://music.example/wait.mp3';

/** Alice becomes available so many seconds after a caller began to hear the music. Whether she is rung. */
function isOffered(musicSeconds: number, after: number): boolean {
  const desk = createTestDesk(deskRules({ agents: ['Alice'], music, musicSeconds }));
  desk.page('Alice');
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'away', reason: null }, after: 'now' });
  desk.call('c1');
  desk.wait(after);
  desk.tell({ kind: 'chose', agent: 'Alice', chosen: { choice: 'available', reason: null }, after: 'now' });
  return desk.rung('c1').length > 0;
}

test('a caller who hears long music is offered to an agent who becomes free meanwhile', () => {
  expect(isOffered(180, 170)).toBe(true);
});

test('a caller whose short music has ended long ago is not offered before the next turn', () => {
  expect(isOffered(5, 40)).toBe(false);
});
