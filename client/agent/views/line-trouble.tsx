import { RefreshCw } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { lineAdvice } from '../status-words.ts';
import { usePage } from './context.ts';

/** What a lasting trouble of the line means, and the way on. */
export function LineTrouble() {
  const { agent, strings } = usePage();
  const line = agent.line.shown.value;
  const advice = lineAdvice(strings.value, line);
  if (!advice) {
    return null;
  }
  const trying = line.name === 'connecting';
  return (
    <section class="trouble">
      <p>{advice}</p>
      <button type="button" class="button" aria-disabled={trying} onClick={() => agent.line.retry()}>
        <Icon icon={RefreshCw} class={trying ? 'icon--turning' : ''} />
        {strings.value.line.retry}
      </button>
    </section>
  );
}
