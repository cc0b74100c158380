import type {
  AudioSink,
  PeerConnection,
  RtpReceiver,
  RtpTransceiver,
  SessionDescription,
} from '@roamhq/wrtc';
import { CHECK_MS, createLifeWatch } from './life-watch.ts';
import { loadWrtc } from './load-wrtc.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from './pcm.ts';
import { toFrame } from './raw-audio.ts';
import { assertAudio, describe, hasOpus, plainOffer } from './sdp.ts';

/**
 * `connecting`: not yet heard of. `lost`: the far side closed, failed or fell silent; it may come back
 * to `connected`. `closed`: by us, for good.
 */
export type PeerState = 'connecting' | 'connected' | 'lost' | 'closed';

/** The far end of one WebRTC connection, as frames of audio. */
export interface MediaPeer {
  readonly state: PeerState;
  /** Calls `fn` after each change of state. Returns the undo. */
  onState(fn: () => void): () => void;
  /** Calls `fn` with what the far side says, a new frame every 10 ms. Returns the undo. */
  onFrame(fn: (frame: Int16Array) => void): () => void;
  /** Says 10 ms to the far side; before it is connected they are dropped. */
  send(frame: Int16Array): void;
  close(): void;
}

/** A peer that made the offer and waits for the far side's answer. */
export interface OfferingPeer extends MediaPeer {
  /** Rejects and closes the peer when the answer cannot be used; the message says why. */
  accept(answerSdp: string): Promise<void>;
}

/** Offers audio: one section, Opus only, complete with its candidates. Takes about 15 ms. */
export async function offerPeer(): Promise<{ peer: OfferingPeer; offer: string }> {
  const link = await openLink();
  return orClose(link, async () => {
    link.addVoice({ opusOnly: true });
    const offer = plainOffer(await describe(link.connection, await link.connection.createOffer()));
    const accept = (answerSdp: string) =>
      orClose(link, async () => {
        assertAudio(answerSdp, 'answer');
        await setRemote(link, { type: 'answer', sdp: answerSdp });
        link.listen();
      });
    return { peer: Object.assign(link.peer, { accept }), offer };
  });
}

/**
 * Answers an offer of audio, with Opus alone where the offer has it, complete with our candidates.
 * Takes about 15 ms. Rejects, with nothing left open, when the offer cannot be used; the message says why.
 */
export async function answerPeer(offerSdp: string): Promise<{ peer: MediaPeer; answer: string }> {
  const link = await openLink();
  return orClose(link, async () => {
    assertAudio(offerSdp, 'offer');
    await setRemote(link, { type: 'offer', sdp: plainOffer(offerSdp) });
    link.addVoice({ opusOnly: hasOpus(offerSdp) });
    const answer = await describe(link.connection, await link.connection.createAnswer());
    link.listen();
    return { peer: link.peer, answer };
  });
}

interface Link {
  readonly connection: PeerConnection;
  readonly peer: MediaPeer;
  /** Adds our track (in a stream of its own: the SDP gets an a=msid, which browsers need to play it). */
  addVoice(options: { opusOnly: boolean }): void;
  /** Starts to take the far side's frames. */
  listen(): void;
}

async function openLink(): Promise<Link> {
  const wrtc = await loadWrtc();
  const connection = new wrtc.RTCPeerConnection({ iceServers: [] });
  const source = new wrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const life = createLifeWatch();
  const stateListeners = new Set<() => void>();
  const frameListeners = new Set<(frame: Int16Array) => void>();
  let sink: AudioSink | undefined;
  let state: PeerState = 'connecting';
  let receiver: RtpReceiver | undefined;

  function transceiver(): RtpTransceiver | undefined {
    return connection.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio');
  }

  function enter(next: PeerState): void {
    if (state === 'closed' || state === next) return;
    state = next;
    for (const listener of stateListeners) listener();
  }

  /**
   * wrtc 0.10 says of a far side that closed its connection: the connection state stays "connected" for 7 s,
   * is "disconnected" then and "failed" after 17 s; but the DTLS transport is "closed" within 5 ms, together
   * with a change event that changes nothing.
   */
  function observe(): void {
    const dtls = receiver?.transport?.state;
    const broken = dtls === 'closed' || dtls === 'failed' || life.gone;
    const { connectionState } = connection;
    if (broken || ['disconnected', 'failed', 'closed'].includes(connectionState)) enter('lost');
    else if (connectionState === 'connected') enter('connected');
  }

  connection.onconnectionstatechange = observe;
  connection.oniceconnectionstatechange = observe;

  async function check(): Promise<void> {
    if (state === 'connecting') return;
    const wasGone = life.gone;
    await life.check(async () => (await connection.getStats()).values());
    // Not each time: to ask wrtc for a state makes this thread wait for its threads.
    if (life.gone !== wasGone) observe();
  }
  const checks = setInterval(() => void check().catch(observe), CHECK_MS).unref();

  return {
    connection,
    peer: {
      get state() {
        return state;
      },
      onState(fn) {
        stateListeners.add(fn);
        return () => {
          stateListeners.delete(fn);
        };
      },
      onFrame(fn) {
        frameListeners.add(fn);
        return () => {
          frameListeners.delete(fn);
        };
      },
      send(frame) {
        if (state === 'connecting' || state === 'closed') return;
        source.onData({
          // wrtc takes the whole buffer behind the samples, so that it must hold no others.
          samples: frame.byteLength === frame.buffer.byteLength ? frame : frame.slice(),
          sampleRate: SAMPLE_RATE,
          bitsPerSample: 16,
          channelCount: 1,
          numberOfFrames: FRAME_SAMPLES,
        });
      },
      close() {
        if (state === 'closed') return;
        clearInterval(checks);
        connection.onconnectionstatechange = null;
        connection.oniceconnectionstatechange = null;
        sink?.stop();
        track.stop();
        connection.close();
        enter('closed');
        stateListeners.clear();
        frameListeners.clear();
      },
    },
    addVoice({ opusOnly }) {
      connection.addTrack(track, new wrtc.MediaStream([track]));
      if (!opusOnly) return;
      const { codecs } = wrtc.RTCRtpSender.getCapabilities('audio');
      transceiver()?.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'audio/opus'));
    },
    listen() {
      receiver = transceiver()?.receiver;
      if (!receiver || state === 'closed') throw new Error('The connection was closed meanwhile');
      sink = new wrtc.nonstandard.RTCAudioSink(receiver.track);
      sink.ondata = (data) => {
        // Until the first packet is decoded the sink delivers another rate.
        const frame = toFrame(data);
        life.hear(frame);
        for (const listener of frameListeners) listener(frame);
      };
    },
  };
}

async function orClose<T>(link: Link, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    link.peer.close();
    throw error;
  }
}

async function setRemote(link: Link, description: SessionDescription): Promise<void> {
  try {
    await link.connection.setRemoteDescription(description);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The SDP ${description.type} cannot be used: ${reason}`, { cause: error });
  }
}
