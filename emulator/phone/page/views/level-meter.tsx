import { useEffect, useRef } from 'preact/hooks';

/** How much of the level is left at the next frame: the bar falls slower than it rises. */
const FALL = 0.9;

interface LevelMeterProps {
  /** The level now: 0…1. */
  read: () => number;
  /** What it measures. Without a name it is for the eye only. */
  name?: string;
}

/** A bar that moves with the sound. */
export function LevelMeter({ read, name }: LevelMeterProps) {
  const bar = useRef<HTMLDivElement>(null);
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let level = 0;
    let frame = requestAnimationFrame(show);
    function show(): void {
      level = Math.max(read(), level * FALL);
      bar.current?.style.setProperty('--level', level.toFixed(3));
      // In tenths: a screen reader is not to hear of every flicker.
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
