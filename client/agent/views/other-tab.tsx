import { AppWindow } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { usePage } from './context.ts';

/** Says that another tab has the calls, and takes them over; not during a call, which cannot move. */
export function OtherTab() {
  const { agent, otherTab, strings } = usePage();
  if (agent.line.state.value.name !== 'following') {
    return null;
  }
  const words = strings.value.otherTab;
  const isBusy = otherTab.mirror.value?.busy ?? false;
  return (
    <section class="other-tab">
      <p>{isBusy ? words.busy : words.words}</p>
      {!isBusy && (
        <button type="button" class="button" onClick={() => otherTab.takeOver()}>
          <Icon icon={AppWindow} />
          {words.use}
        </button>
      )}
    </section>
  );
}
