import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from '../media/pcm.ts';
import { createFakePeer } from '../media/testing.ts';
import { createVirtualWorld } from '../world.ts';
import { createFaults } from './faults.ts';
import { lossyNetwork } from './lossy-peer.ts';

const frame = () => new Int16Array(FRAME_SAMPLES);

function create(number?: string) {
  const world = createVirtualWorld({ seed: 1, start: 0 });
  const faults = createFaults(world, [{ fault: 'media-loss', every: 2, ...(number && { number }) }]);
  const peer = createFakePeer();
  const lossy = lossyNetwork(faults)(peer, '1000', '2000');
  let heard = 0;
  const stop = lossy.onFrame(() => {
    heard += 1;
  });
  return { peer, lossy, stop, heard: () => heard };
}

describe('a lossy network', () => {
  it('loses frames in both directions', () => {
    const { peer, lossy, stop, heard } = create('2000');
    peer.say(frame(), frame(), frame(), frame());
    expect(heard()).toBe(2);
    for (let i = 0; i < 4; i += 1) lossy.send(frame());
    expect(peer.sent).toHaveLength(2);
    stop();
    expect(peer.listenedTo).toBe(false);
  });

  it('loses nothing of other numbers', () => {
    const { peer, heard } = create('3000');
    peer.say(frame(), frame(), frame());
    expect(heard()).toBe(3);
  });

  it('otherwise behaves like its peer', () => {
    const { peer, lossy } = create();
    let told = 0;
    lossy.onState(() => {
      told += 1;
    });
    peer.become('lost');
    expect([lossy.state, told]).toEqual(['lost', 1]);
    lossy.close();
    expect(peer.state).toBe('closed');
  });
});
