import { useEffect, useState } from 'preact/hooks';
import { useStrings } from './strings.ts';

/** Counts the time since `since` (milliseconds of the epoch), each second as it is full. */
export function CallTimer({ since, now }: { since: number; now: () => number }) {
  const { call: words } = useStrings();
  const [elapsed, setElapsed] = useState(now() - since);
  useEffect(() => {
    const untilNextSecond = 1000 - (elapsed % 1000);
    const timer = setTimeout(() => setElapsed(now() - since), untilNextSecond);
    return () => clearTimeout(timer);
  }, [elapsed, since, now]);
  return (
    <p role="timer" aria-label={words.duration} class="timer">
      {formatDuration(elapsed)}
    </p>
  );
}

/** Writes milliseconds as "0:07", "12:34" or "1:02:03". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const last = String(seconds % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${last}` : `${hours}:${String(minutes).padStart(2, '0')}:${last}`;
}
