import { useEffect, useRef } from 'preact/hooks';

/** Share of the level that remains in the next frame, so that the bar falls slower than it rises. */
const FALL = 0.9;

interface LevelMeterProps {
  /** The current level, from 0 to 1. */
  read: () => number;
  /** What it measures. Without a name, it is hidden from assistive technology. */
  name?: string;
}

/** A bar that shows the level of audio. */
export function LevelMeter({ read, name }: LevelMeterProps) {
  const bar = useRef<HTMLDivElement>(null);
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let level = 0;
    let frame = requestAnimationFrame(show);
    function show(): void {
      level = Math.max(read(), level * FALL);
      bar.current?.style.setProperty('--level', level.toFixed(3));
      // In tenths, so that screen readers do not announce every change.
      if (meter.current !== null) meter.current.value = Math.round(level * 10) / 10;
      frame = requestAnimationFrame(show);
    }
    return () => cancelAnimationFrame(frame);
  }, [read]);
  return (
    <div class="level-meter">
      <div ref={bar} class="level-bar" />
      {name !== undefined && <meter ref={meter} class="visually-hidden" aria-label={name} />}
    </div>
  );
}
