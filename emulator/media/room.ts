import type { MediaClock } from './clock.ts';
import { createPlaybacks, type Playback } from './playback.ts';
import { createRoomPort, type Port, type RoomPort } from './port.ts';
import type { AudioSource } from './source.ts';

export type { Playback, Port };

/** The audio of one conversation. */
export interface Room {
  /** A new place in the conversation, silent until a peer is attached. */
  join(): Port;
  /** Plays to everybody. */
  play(source: AudioSource): Playback;
  /** Stops all that is played and lets go of all peers (their owners close them), for good. */
  close(): void;
}

/**
 * A conversation: each port hears the others, what is played to all and what is played to it alone.
 * The room asks for ticks only while something is played or a peer is attached.
 */
export function createRoom(clock: MediaClock): Room {
  const playbacks = createPlaybacks();
  const ports = new Set<RoomPort>();
  let stopTicking: (() => void) | undefined;
  let closed = false;

  function wake(): void {
    if (!closed) stopTicking ??= clock.onTick(tick);
  }

  function sleep(): void {
    stopTicking?.();
    stopTicking = undefined;
  }

  function tick(): void {
    const present = [...ports];
    if (present.some((port) => port.listening)) converse(present);
    else passTime(present);
    if (playbacks.empty && [...ports].every((port) => port.idle)) sleep();
  }

  function converse(present: RoomPort[]): void {
    const voices = present.map((port) => port.speak());
    const toAll = playbacks.advance(true);
    for (const [i, port] of present.entries()) {
      const others = voices.flatMap((voice, j) => (voice && j !== i ? [voice] : []));
      port.hear([...others, ...toAll]);
      // One who left stays until the voice has faded.
      if (port.left && !voices[i]) ports.delete(port);
    }
  }

  /** Nobody listens: nothing is mixed, only what is played moves on. */
  function passTime(present: RoomPort[]): void {
    playbacks.advance(false);
    for (const port of present) {
      port.hear([]);
      if (port.left) ports.delete(port);
    }
  }

  return {
    join() {
      const port = createRoomPort(wake);
      if (closed) port.leave();
      else ports.add(port);
      return port;
    },
    play(source) {
      wake();
      return playbacks.play(source);
    },
    close() {
      closed = true;
      sleep();
      playbacks.close();
      for (const port of ports) port.leave();
      ports.clear();
    },
  };
}
