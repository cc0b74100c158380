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

/** Memory in use after garbage collection. */
export function memoryInUse(): MemoryUse {
  // The first collection may release objects that the second one frees.
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}

/** The slope of the least-squares line. */
export function slopeOf(points: readonly { x: number; y: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const covered = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return covered / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

export const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
