import type { StatsEntry } from '@roamhq/wrtc';
import { FRAME_MS } from './pcm.ts';

/** Notices that a far side fell silent for good. */
interface LifeWatch {
  /** Takes each frame of the far side. */
  hear(frame: Int16Array): void;
  /** To be called each `CHECK_MS`; reads the connection's statistics only when it has to. */
  check(readStats: () => Promise<Iterable<StatsEntry>>): Promise<void>;
  /** No sign of life for about 3 s. */
  readonly gone: boolean;
}

export const CHECK_MS = 1000;
/** A live far side pings each 2.5 s, even when it has nothing to say. */
const QUIET_CHECKS = 3;
const SILENT_FRAMES = 300 / FRAME_MS;

/** Counters of what comes in: media and its control packets, and the pings that keep the path open. */
const COUNTERS: Record<string, readonly string[]> = {
  transport: ['packetsReceived'],
  'candidate-pair': ['requestsReceived', 'responsesReceived'],
};

/**
 * wrtc 0.10 says nothing for 7 s when the far side was killed or frozen, or its tab was closed; but its statistics
 * stand still at once, and its frames are plain zeros 150 ms later. A muted microphone gives zeros too, a live one
 * never: while it is heard no statistics are read, because getStats makes this thread wait for those of wrtc
 * (0.4 ms; under load much more).
 */
export function createLifeWatch(): LifeWatch {
  let silentFrames = 0;
  let quietChecks = 0;
  let signs: number | undefined;

  return {
    hear(frame) {
      silentFrames = frame.some((sample) => sample !== 0) ? 0 : silentFrames + 1;
    },
    async check(readStats) {
      const counted = silentFrames >= SILENT_FRAMES ? signsOfLife(await readStats()) : undefined;
      quietChecks = counted !== undefined && counted === signs ? quietChecks + 1 : 0;
      signs = counted;
    },
    get gone() {
      return quietChecks >= QUIET_CHECKS;
    },
  };
}

function signsOfLife(stats: Iterable<StatsEntry>): number {
  let signs = 0;
  for (const entry of stats) {
    for (const counter of COUNTERS[entry.type] ?? []) signs += Number(entry[counter] ?? 0);
  }
  return signs;
}
