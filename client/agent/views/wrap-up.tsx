import { Check, NotebookPen, Plus } from 'lucide';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { currentCall } from '../call-state.ts';
import { usePage } from './context.ts';

/** The time after a call that is the agent's own. In no live region: it would be read out every second. */
export function WrapUp() {
  const { agent, panes, strings } = usePage();
  const wrapUp = agent.desk.view.value?.wrapUp;
  if (!wrapUp || currentCall(agent.calls.phase.value) !== null) {
    return null;
  }
  const words = strings.value.desk;
  return (
    <section class="wrap-up">
      <p class="wrap-up__time">
        {words.wrapUp} <TimeLeft until={wrapUp.until} />
      </p>
      <div class="wrap-up__actions">
        <button
          type="button"
          class="button wrap-up__note"
          onClick={() => {
            panes.shown.value = 'caller';
          }}
        >
          <Icon icon={NotebookPen} />
          {words.note}
        </button>
        <button type="button" class="button" onClick={() => void agent.desk.wrapUp({ does: 'end' })}>
          <Icon icon={Check} />
          {words.endWrapUp}
        </button>
        {!wrapUp.extended && (
          <button type="button" class="button" onClick={() => void agent.desk.wrapUp({ does: 'extend' })}>
            <Icon icon={Plus} />
            {words.extendWrapUp}
          </button>
        )}
      </div>
    </section>
  );
}

function TimeLeft({ until }: { until: number }) {
  const now = useNow(until);
  return <span class="wrap-up__left">{clock(Math.ceil((until - now) / 1_000) * 1_000)}</span>;
}
