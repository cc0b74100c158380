import { useEffect, useRef, useState } from 'preact/hooks';

/** Whether an element is in the window as a whole, and what to hang on that element. */
export function useIsInView<Kind extends Element>() {
  const ref = useRef<Kind>(null);
  const [isInView, setInView] = useState(true);
  useEffect(() => {
    if (!ref.current) {
      return;
    }
    const observer = new IntersectionObserver(
      ([entry]) => setInView(entry === undefined || entry.intersectionRatio >= 0.9),
      { threshold: [0.9, 1] },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, isInView };
}
