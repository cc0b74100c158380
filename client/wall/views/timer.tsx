import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { clock } from '../../../ui/clock.ts';
import { usePage } from './context.ts';

/**
 * How long something has lasted so far; a dash where nobody knows since when. Read aloud only where somebody asks: it changes each second. A second writes
 * the text alone: nothing is rendered for it.
 */
export function Timer({ since }: { since: number }) {
  const { live } = usePage();
  const text = useMemo(
    () => computed(() => (since === 0 ? '–' : clock(live.now.value - since))),
    [live, since],
  );
  return <>{text}</>;
}
