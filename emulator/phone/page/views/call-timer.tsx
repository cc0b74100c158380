import { clock } from '../../../../ui/clock.ts';
import { useNow } from '../../../../ui/use-now.ts';
import { useStrings } from './strings.ts';

/** The time since `since`, milliseconds since 1970. */
export function CallTimer({ since }: { since: number }) {
  const { call: words } = useStrings();
  return (
    <p role="timer" aria-label={words.duration} class="timer">
      {clock(useNow(since) - since)}
    </p>
  );
}
