import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes. */
export interface MemoryUse {
  /** Of the heap, in use. */
  heap: number;
  /** Of the process. */
  resident: number;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What is in use when all that is not has been thrown away. */
export function memoryInUse(): MemoryUse {
  // What the first finds unused may hold something that the second then frees.
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}

/** The slope of the straight line that fits the points best (least squares). */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const covered = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return covered / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

export const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
