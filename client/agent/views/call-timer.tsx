import { clock } from '../../../ui/clock.ts';
import { useNow } from '../../../ui/use-now.ts';
import { usePage } from './context.ts';

/** How long the conversation lasts. In no live region: it would be read out every second. */
export function CallTimer({ since }: { since: number }) {
  const { strings } = usePage();
  const now = useNow(since);
  return (
    <p class="stage__timer">
      <span class="visually-hidden">{strings.value.call.duration}: </span>
      {clock(now - since)}
    </p>
  );
}
