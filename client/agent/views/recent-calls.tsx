import { type IconNode, PhoneIncoming, PhoneMissed, PhoneOff } from 'lucide';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { EndedCall } from '../call-state.ts';
import { usePage } from './context.ts';

/** Who called while this page was open, and how each call ended. */
export function RecentCalls() {
  const { agent, strings } = usePage();
  const words = strings.value.recent;
  const calls = agent.recent.value;
  return (
    <section class="recent">
      <h2 class="section-title">{words.title}</h2>
      {calls.length === 0 ? (
        <p class="recent__empty">{words.empty}</p>
      ) : (
        <ol class="recent__list">
          {calls.map((ended) => (
            <RecentCall key={`${ended.call.id} ${ended.at}`} ended={ended} />
          ))}
        </ol>
      )}
    </section>
  );
}

function RecentCall({ ended }: { ended: EndedCall }) {
  const { agent, locale, strings } = usePage();
  const { call: words, recent } = strings.value;
  const time = new Date(ended.at);
  return (
    <li class="recent__call">
      <Icon icon={iconOf(ended)} class="recent__icon" />
      <span class="recent__caller">{agent.nameOf(ended.call.from) || recent.unknownCaller}</span>
      <time class="recent__time" dateTime={time.toISOString()}>
        {time.toLocaleTimeString(locale.value, { hour: '2-digit', minute: '2-digit' })}
      </time>
      <span class="recent__reason">{words.reasons[ended.reason]}</span>
      {ended.talked !== null && <span class="recent__duration">{clock(ended.talked)}</span>}
    </li>
  );
}

function iconOf(ended: EndedCall): IconNode {
  if (ended.talked !== null) {
    return PhoneIncoming;
  }
  return ended.reason === 'caller-gave-up' || ended.reason === 'nobody-answered' ? PhoneMissed : PhoneOff;
}
