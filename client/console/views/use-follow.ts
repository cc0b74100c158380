import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Distance from the end, CSS pixels, that still counts as being there. */
const NEAR = 24;

/** Whoever has scrolled to the end of something that grows stays at its end. Returns what to call on scrolling. */
export function useFollow(scroller: RefObject<HTMLElement | null>, content: unknown): () => void {
  const isAtEnd = useRef(false);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && isAtEnd.current) {
      element.scrollTop = element.scrollHeight;
    }
  }, [content, scroller]);
  return () => {
    const element = scroller.current;
    if (element) {
      const { clientHeight, scrollHeight, scrollTop } = element;
      // What fits on the screen has no end to be at.
      isAtEnd.current = scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - NEAR;
    }
  };
}
