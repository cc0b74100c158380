import { clock } from '../../../ui/clock.ts';
import { usePage } from './context.ts';

/** How long something has lasted so far. Read aloud only where somebody asks: it changes each second. */
export function Timer({ since }: { since: number }) {
  const { live } = usePage();
  return <>{clock(live.now.value - since)}</>;
}
