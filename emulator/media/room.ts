import type { MediaClock } from './clock.ts';
import { FRAME_MS } from './pcm.ts';
import { createPlaybacks, type Playback, type Played } from './playback.ts';
import { createRoomPort, type Port, type RoomPort, withGain } from './port.ts';
import type { AudioSource } from './source.ts';

export type { Playback, Played, Port };

/** What sounded in 10 ms. The frames are shared: leave them as they are. */
export interface Sound {
  /** Voices that were not muted, by the ids of their ports. */
  voices: ReadonlyMap<string, Int16Array>;
  /** What was played, to all or to one. */
  played: readonly Int16Array[];
}

/** The audio of one conversation. */
export interface Room {
  /** A new place in the conversation, silent until a peer is attached. `id`: by which `canHear` and `canSpeak` know it. */
  join(id?: string): Port;
  /** Plays to everybody. */
  play(source: AudioSource, what?: Played): Playback;
  /** What is played to everybody, oldest first. */
  readonly playing: readonly Played[];
  /** Nobody hears another's voice: the conversation has not begun. What is played is heard. */
  held: boolean;
  /** Whether the voice of one would reach another, unless it is muted or the other earmuffed. */
  carries(speaker: Port, listener: Port): boolean;
  /** Calls `fn` after each change of who hears what; not when a port joins. Returns the undo. */
  onChange(fn: () => void): () => void;
  /** Calls `fn` with what sounds in each 10 ms in which anyone listens. Returns the undo. */
  onSound(fn: (sound: Sound) => void): () => void;
  /** Stops all playback and releases all peers for good. Their owners close them. */
  close(): void;
}

/**
 * A conversation: each port hears the others, what is played to all and what is played to it alone.
 * The room asks for ticks only while there is something to hear for anyone; what is played unheard ends by one timer.
 */
export function createRoom(clock: MediaClock): Room {
  const changeListeners = new Set<() => void>();
  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  const playbacks = createPlaybacks({ wake, changed });
  const ports = new Set<RoomPort>();
  const soundListeners = new Set<(sound: Sound) => void>();
  let stopTicking: (() => void) | undefined;
  /** Time that passes unheard: since when (ms of the clock), and the undo of the timer for the next end. */
  let nap: { since: number; cancel: () => void } | undefined;
  let closed = false;
  let held = false;

  /**
   * Brings the room up to now: it ticks while anyone listens, or someone speaks to a recording, else it sleeps until
   * something ends.
   */
  function wake(): void {
    if (closed || stopTicking) return;
    const since = passTime();
    if (hasListeners()) stopTicking = clock.onTick(tick);
    else sleep(since);
  }

  function hasListeners(): boolean {
    const isRecorded = soundListeners.size > 0;
    return [...ports].some((port) => port.listening || (isRecorded && port.speaking));
  }

  /** Nobody listened since the last time: nothing is mixed, what is played moves on. Returns up to when. */
  function passTime(): number {
    if (!nap) return clock.now();
    const frames = Math.floor((clock.now() - nap.since) / FRAME_MS);
    const { since } = nap;
    nap.cancel();
    nap = undefined;
    if (frames > 0) {
      playbacks.skip(frames);
      for (const port of ports) port.skip(frames);
    }
    return since + frames * FRAME_MS;
  }

  function sleep(since: number): void {
    nap?.cancel();
    for (const port of ports) if (port.left) ports.delete(port);
    if (playbacks.empty && [...ports].every((port) => port.idle)) return;
    const rest = Math.min(playbacks.rest, ...[...ports].map((port) => port.rest));
    const end = since + rest * FRAME_MS;
    nap = {
      since,
      cancel: rest === Number.POSITIVE_INFINITY ? () => {} : clock.after(end - clock.now(), wake),
    };
  }

  function tick(): void {
    if (hasListeners()) converse([...ports]);
    else {
      stopTicking?.();
      stopTicking = undefined;
      wake();
    }
  }

  function converse(present: RoomPort[]): void {
    const voices = present.map((port) => port.speak());
    const toAll = playbacks.advance();
    const played = [...toAll];
    for (const [i, port] of present.entries()) {
      const others = present.flatMap((other, j) => {
        const voice = j === i ? undefined : voices[j];
        return (voice && through(voice, other, port)) ?? [];
      });
      played.push(...port.hear([...others, ...toAll]));
      // One who left stays until the voice has faded.
      if (port.left && !voices[i]) ports.delete(port);
    }
    tell(present, voices, played);
  }

  /** What of a voice reaches a listener; undefined: nothing. */
  function through(voice: Int16Array, speaker: RoomPort, listener: RoomPort): Int16Array | undefined {
    const open = room.carries(speaker, listener);
    const was = listener.gates.get(speaker) ?? open;
    listener.gates.set(speaker, open);
    return withGain(voice, was ? 1 : 0, open ? 1 : 0);
  }

  /** Tells those who listen to the whole room. */
  function tell(present: RoomPort[], voices: (Int16Array | undefined)[], played: Int16Array[]): void {
    if (soundListeners.size === 0) return;
    const heard = new Map<string, Int16Array>();
    for (const [i, { id }] of present.entries()) {
      const voice = voices[i];
      if (voice && !held) heard.set(id, voice);
    }
    for (const listener of soundListeners) listener({ voices: heard, played });
  }

  const room: Room = {
    get held() {
      return held;
    },
    set held(value) {
      held = value;
      changed();
    },
    carries: (speaker, listener) =>
      !held && (listener.canHear?.has(speaker.id) ?? true) && (speaker.canSpeak?.has(listener.id) ?? true),
    onChange(fn) {
      changeListeners.add(fn);
      return () => changeListeners.delete(fn);
    },
    onSound(fn) {
      soundListeners.add(fn);
      wake();
      return () => soundListeners.delete(fn);
    },
    join(id = '') {
      const port = createRoomPort(id, wake, changed);
      if (closed) port.leave();
      else ports.add(port);
      return port;
    },
    play: (source, what) => playbacks.play(source, what),
    get playing() {
      return playbacks.playing;
    },
    close() {
      closed = true;
      soundListeners.clear();
      stopTicking?.();
      nap?.cancel();
      playbacks.close();
      for (const port of ports) port.leave();
      ports.clear();
      changeListeners.clear();
    },
  };
  return room;
}
