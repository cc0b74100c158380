import { PhoneForwarded, PhoneIncoming, X } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { hasTakenCall } from '../call-state.ts';
import { usePage } from './context.ts';

/** The call that has waited longest, beside the one that the agent has. */
export function WaitingCall() {
  const { agent, strings } = usePage();
  const { phase, waiting } = agent.calls.state.value;
  const [next] = waiting;
  if (!next) {
    return null;
  }
  const { actions, call, waiting: words } = strings.value;
  const caller = agent.nameOf(next.from) || call.unknownCaller;
  const more = waiting.length - 1;

  return (
    <section class="waiting">
      <p class="waiting__words">
        <Icon icon={PhoneIncoming} />
        <span>
          {words.words(caller)}
          {more > 0 && `, ${words.more(more)}`}
        </span>
      </p>
      {hasTakenCall(phase) && (
        <div class="waiting__actions">
          <button
            type="button"
            class="button"
            aria-disabled={agent.calls.isSettling('take-next', next.id)}
            onClick={() => agent.calls.press('take-next', next.id)}
          >
            <Icon icon={PhoneForwarded} />
            {words.takeNext}
          </button>
          <button
            type="button"
            class="button"
            aria-disabled={agent.calls.isSettling('reject-waiting', next.id)}
            onClick={() => agent.calls.press('reject-waiting', next.id)}
          >
            <Icon icon={X} />
            {actions.reject}
          </button>
        </div>
      )}
    </section>
  );
}
