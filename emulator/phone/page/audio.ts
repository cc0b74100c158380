import { levelOf } from '../../../ui/level.ts';
import { createKeyTones, soundKey, type Voice } from './key-tones.ts';
import { askMicrophone } from './microphone.ts';
import type { MicrophoneFault, SoundTrouble } from './phone-state.ts';

export type Preparation = { ok: true; offer: string } | { ok: false; fault: MicrophoneFault };

/** The audio of one call, both ways. */
export interface CallAudio {
  /**
   * Requests the microphone, unless the call is listen-only, and creates an offer (SDP with its candidates).
   * Rejects if the browser does not support WebRTC.
   */
  prepare(listening: boolean): Promise<Preparation>;
  /** Connects to the far side by its SDP. Rejects if the browser does. */
  connect(answer: string): Promise<void>;
  mute(muted: boolean): void;
  /** Plays a key's tone to the far side. Rejects if the call is listen-only. */
  soundKey(digit: string): Promise<void>;
  /** Current level of the far side, from 0 to 1. */
  heard(): number;
  /** Current level of the microphone, from 0 to 1. */
  said(): number;
  /** Ends everything, including a pending microphone request. */
  close(): void;
}

/** Local candidates are available immediately; a slow resolver must not delay the call. */
const GATHERING_MS = 1000;

/** Level in dBFS below which nothing is shown, such as line noise. */
const HISS = -54;

const SILENT = () => 0;

/** Opens the audio of one call; `player` plays the far side, `onTrouble` gets its problems. */
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
    // The call may have ended while the browser asked.
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
