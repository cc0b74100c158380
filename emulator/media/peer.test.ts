import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMediaClock } from './clock.ts';
import { loadWrtc } from './load-wrtc.ts';
import { FRAME_SAMPLES } from './pcm.ts';
import { answerPeer, type MediaPeer, offerPeer, type PeerState } from './peer.ts';
import { createRoom } from './room.ts';
import { type AudioSource, samplesSource } from './source.ts';
import { join, sine, toneLevel } from './testing.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function closing<P extends MediaPeer>(peer: P): P {
  closers.push(() => peer.close());
  return peer;
}

function becomes(peer: MediaPeer, state: PeerState): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (peer.state !== state) return;
      undo();
      resolve();
    };
    const undo = peer.onState(check);
    check();
  });
}

async function connect() {
  const { peer: caller, offer } = await offerPeer();
  closing(caller);
  const { peer: agent, answer } = await answerPeer(offer);
  closing(agent);
  await caller.accept(answer);
  await Promise.all([becomes(caller, 'connected'), becomes(agent, 'connected')]);
  return { caller, agent, offer, answer };
}

/** A peer, connected to a plain wrtc connection. */
async function connectBare() {
  const { peer: caller, offer } = await offerPeer();
  closing(caller);
  const { RTCPeerConnection } = await loadWrtc();
  const bare = new RTCPeerConnection({ iceServers: [] });
  closers.push(() => bare.close());
  await bare.setRemoteDescription({ type: 'offer', sdp: offer });
  await bare.setLocalDescription(await bare.createAnswer());
  await vi.waitUntil(() => bare.iceGatheringState === 'complete');
  await caller.accept(bare.localDescription?.sdp ?? '');
  await becomes(caller, 'connected');
  await vi.waitUntil(() => bare.connectionState === 'connected', { timeout: 10_000 });
  return { caller, bare };
}

/** Puts the peer into its own room, where a source is played to it. */
function play(peer: MediaPeer, source: AudioSource): void {
  const clock = createMediaClock();
  const room = createRoom(clock);
  room.join().attach(peer);
  room.play(source);
  closers.unshift(() => {
    room.close();
    clock.close();
  });
}

/** Waits until the peer says a clear tone of its last 200 ms, and nothing of another. */
function hears(peer: MediaPeer, hertz: number, other: number): Promise<void> {
  const frames: Int16Array[] = [];
  return new Promise((resolve) => {
    const undo = peer.onFrame((frame) => {
      frames.push(frame);
      const lately = join(frames.slice(-20));
      if (frames.length < 20 || Math.abs(toneLevel(lately, hertz) + 20) > 2 || toneLevel(lately, other) > -50)
        return;
      undo();
      resolve();
    });
  });
}

describe('two peers', { timeout: 30_000 }, () => {
  it('connect, and hear each other', async () => {
    const { caller, agent } = await connect();
    play(caller, samplesSource(sine(440, 1000), { loop: 0 }));
    play(agent, samplesSource(sine(1000, 1000), { loop: 0 }));
    await Promise.all([hears(agent, 440, 1000), hears(caller, 1000, 440)]);
  });

  it('offer only audio, only in Opus, with all their addresses', async () => {
    const { offer, answer } = await connect();
    for (const sdp of [offer, answer]) {
      expect(sdp.match(/^m=.*$/gm)).toEqual([
        expect.stringMatching(/^m=audio \d+ UDP\/TLS\/RTP\/SAVPF 111\s*$/),
      ]);
      expect(sdp).toMatch(/^a=rtpmap:111 opus\/48000\/2\r?$/m);
      expect(sdp).not.toMatch(/^a=(extmap|rtcp-fb):/m);
      expect(sdp).toMatch(/^a=msid:\S+ \S+\r?$/m);
      expect(sdp).toMatch(/^a=candidate:.* 127\.0\.0\.1 .* typ host/m);
    }
    expect(offer).toMatch(/^a=setup:actpass\r?$/m);
  });

  it('connect even if the answer contains no address', async () => {
    const { peer: caller, offer } = await offerPeer();
    closing(caller);
    const { peer: agent, answer } = await answerPeer(offer);
    closing(agent);
    const dummy = 'a=candidate:1176891032 1 udp 2122260223 0.0.0.0 9 typ host';
    await caller.accept(answer.replaceAll(/(a=candidate:.*\r\n)+/g, `${dummy}\r\n`));
    await Promise.all([becomes(caller, 'connected'), becomes(agent, 'connected')]);
  });

  it('notice immediately when the other closes', async () => {
    const { caller, agent } = await connect();
    const { caller: otherCaller, bare } = await connectBare();
    const states: PeerState[] = [];
    agent.onState(() => states.push(agent.state));
    caller.close();
    otherCaller.close();
    expect(caller.state).toBe('closed');
    await becomes(agent, 'lost');
    // wrtc itself takes 7 s.
    expect(bare.connectionState).toBe('connected');
    agent.close();
    agent.close();
    expect(states).toEqual(['lost', 'closed']);
  });

  it('accept frames that are part of a longer array', async () => {
    const { caller, agent } = await connect();
    const clock = createMediaClock();
    closers.unshift(() => clock.close());
    const second = sine(440, 1000);
    let position = 0;
    clock.onTick(() => {
      caller.send(second.subarray(position, position + FRAME_SAMPLES));
      position = (position + FRAME_SAMPLES) % second.length;
    });
    await hears(agent, 440, 1000);
  });

  it('accept frames at any time', async () => {
    const frame = sine(440, 10);
    const { peer, offer } = await offerPeer();
    closing(peer).send(frame);
    expect(peer.state).toBe('connecting');
    const { peer: agent, answer } = await answerPeer(offer);
    await closing(peer).accept(answer);
    closing(agent).close();
    agent.send(frame);
    expect(agent.state).toBe('closed');
  });
});

describe('an unusable description', { timeout: 30_000 }, () => {
  it.each([
    ['', 'The SDP offer is not a session description'],
    ['v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n', 'The SDP offer has no audio'],
    [
      'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n',
      'The SDP offer cannot be used',
    ],
  ])('is rejected as an offer: %j', async (sdp, reason) => {
    await expect(answerPeer(sdp)).rejects.toThrow(reason);
  });

  it('is rejected as an answer, and closes the peer', async () => {
    const { peer, offer } = await offerPeer();
    await expect(peer.accept('nonsense')).rejects.toThrow('The SDP answer is not a session description');
    expect(peer.state).toBe('closed');
    const { peer: other } = await offerPeer();
    await expect(other.accept(offer)).rejects.toThrow('The SDP answer cannot be used');
    expect(other.state).toBe('closed');
    await expect(other.accept(offer)).rejects.toThrow('The SDP answer cannot be used');
  });
});

describe('a process', { timeout: 30_000 }, () => {
  it('exits cleanly once its peers are closed', async () => {
    const program = `
      import { answerPeer, offerPeer } from ${JSON.stringify(new URL('./peer.ts', import.meta.url))};
      const { peer: caller, offer } = await offerPeer();
      const { peer: agent, answer } = await answerPeer(offer);
      await caller.accept(answer);
      const end = () => {
        if (agent.state !== 'connected') return;
        agent.send(new Int16Array(480));
        caller.close();
        agent.close();
        console.log('closed');
      };
      agent.onState(end);
      end();
    `;
    const ended = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      timeout: 20_000,
    });
    await expect(ended).resolves.toMatchObject({ stdout: 'closed\n' });
  });
});
