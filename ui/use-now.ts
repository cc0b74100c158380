import { useEffect, useState } from 'preact/hooks';

/** The time in milliseconds since 1970, updated at each whole second after `origin`. */
export function useNow(origin: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const time = Date.now();
      setNow(time);
      const past = (((time - origin) % 1_000) + 1_000) % 1_000;
      timer = setTimeout(tick, 1_000 - past);
    };
    tick();
    return () => clearTimeout(timer);
  }, [origin]);
  return now;
}
