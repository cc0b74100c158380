import { levelOf } from '../../../ui/level.ts';
import { createKeyTones, soundKey, type Voice } from './key-tones.ts';
import { askMicrophone } from './microphone.ts';
import type { MicrophoneFault, SoundTrouble } from './phone-state.ts';

export type Preparation = { ok: true; offer: string } | { ok: false; fault: MicrophoneFault };

/** The sound of one call, both ways. */
export interface CallAudio {
  /**
   * Asks for the microphone, unless the call only listens, and offers what it has (SDP with its candidates).
   * Rejects when the browser cannot do WebRTC.
   */
  prepare(listening: boolean): Promise<Preparation>;
  /** Connects to the far side by its SDP. Rejects when the browser does not take it. */
  connect(answer: string): Promise<void>;
  mute(muted: boolean): void;
  /** Lets a key sound in what is said. Rejects when nothing is said in this call. */
  soundKey(digit: string): Promise<void>;
  /** How loud the far side is now: 0…1. */
  heard(): number;
  /** How loud the microphone is now: 0…1. */
  said(): number;
  /** Ends everything, also what is still being asked for. */
  close(): void;
}

/** Candidates of this machine are there at once; a slow resolver must not hold up the call. */
const GATHERING_MS = 1000;

/** Below this no level shows: the hiss of a quiet line. In dB of full scale. */
const HISS = -54;

const SILENT = () => 0;

/** Opens the sound of one call; `player` plays the far side, `onTrouble` hears what broke. */
export function openCallAudio(
  player: HTMLAudioElement,
  onTrouble: (trouble: SoundTrouble) => void,
): CallAudio {
  const ending = new AbortController();
  const { signal } = ending;
  let peer: RTCPeerConnection | undefined;
  let microphone: MediaStreamTrack | undefined;
  let sendKey: (digit: string) => Promise<void> = () => Promise.reject(new Error('Nothing is said.'));
  let heard = SILENT;
  let said = SILENT;

  function listenTo(context: AudioContext, stream: MediaStream): void {
    heard = levelOf(context, stream, HISS).read;
    player.srcObject = stream;
    player.play().catch(() => {
      if (!signal.aborted) onTrouble('no-playback');
    });
  }

  async function prepare(listening: boolean): Promise<Preparation> {
    const asked = listening ? undefined : await askMicrophone(navigator.mediaDevices);
    if (asked?.ok === false) return asked;
    const track = asked?.stream.getAudioTracks()[0];
    const stop = () => track?.stop();
    // The call may have been given up while the browser asked.
    if (signal.aborted) stop();
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);

    const context = new AudioContext();
    const connection = new RTCPeerConnection({ iceServers: [] });
    signal.addEventListener('abort', () => {
      connection.close();
      void context.close();
      player.srcObject = null;
    });
    peer = connection;
    connection.addEventListener('track', ({ track }) => listenTo(context, new MediaStream([track])));
    const connected = Promise.withResolvers<void>();
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'connected') connected.resolve();
      if (connection.connectionState === 'failed') onTrouble('sound-lost');
    });

    if (track === undefined) {
      connection.addTransceiver('audio', { direction: 'recvonly' });
    } else {
      microphone = track;
      said = levelOf(context, new MediaStream([track]), HISS).read;
      track.addEventListener('ended', () => onTrouble('microphone-gone'));
      const voice: Voice<MediaStreamTrack | null> = connection.addTrack(track);
      sendKey = createKeyTones(voice, track, (digit) => soundKey(context, digit), connected.promise);
    }
    await connection.setLocalDescription();
    await gathered(connection, GATHERING_MS);
    return { ok: true, offer: connection.localDescription?.sdp ?? '' };
  }

  return {
    prepare,
    async connect(answer) {
      await peer?.setRemoteDescription({ type: 'answer', sdp: answer });
    },
    mute(muted) {
      if (microphone !== undefined) microphone.enabled = !muted;
    },
    soundKey: (digit) => sendKey(digit),
    heard: () => heard(),
    said: () => said(),
    close() {
      heard = SILENT;
      said = SILENT;
      ending.abort();
    },
  };
}

/** Waits until all candidates are known, or for `mostMs`. */
export function gathered(
  connection: Pick<RTCPeerConnection, 'iceGatheringState' | 'addEventListener' | 'removeEventListener'>,
  mostMs: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = () => {
    if (connection.iceGatheringState === 'complete') resolve();
  };
  const timer = setTimeout(resolve, mostMs);
  connection.addEventListener('icegatheringstatechange', check);
  check();
  return promise.finally(() => {
    clearTimeout(timer);
    connection.removeEventListener('icegatheringstatechange', check);
  });
}
