import {
  type IconNode,
  PhoneForwarded,
  PhoneIncoming,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  Unplug,
} from 'lucide';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { minuteTime } from '../../../ui/time-words.ts';
import type { EndedCall } from '../call-state.ts';
import { reasonOf } from '../status-words.ts';
import { CallBack } from '../workspace/call-back.tsx';
import { usePage } from './context.ts';

/** Who called, and how each call ended: by an icon and a word for each outcome. */
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
  const outcome = outcomeOf(ended);
  const reason = reasonOf(words, ended);
  return (
    <li class={`recent__call recent__call--${outcome}`}>
      <Icon icon={icons[outcome]} class="recent__icon" />
      <bdi class="recent__caller">{agent.nameOf(ended.call.from) || recent.unknownCaller}</bdi>
      <time class="recent__time" dateTime={new Date(ended.at).toISOString()}>
        {minuteTime(ended.at, locale.value)}
      </time>
      <span class="recent__reason">{outcome === 'answered' ? recent.answered(reason) : reason}</span>
      {ended.talked !== null && <span class="recent__duration">{clock(ended.talked)}</span>}
      {/^\d{7,15}$/.test(ended.call.from) && (
        <CallBack number={ended.call.from} name={recent.callBack(agent.nameOf(ended.call.from))} />
      )}
    </li>
  );
}

type Outcome = 'answered' | 'called' | 'missed' | 'declined' | 'elsewhere' | 'lost';

const icons: Record<Outcome, IconNode> = {
  answered: PhoneIncoming,
  called: PhoneOutgoing,
  missed: PhoneMissed,
  declined: PhoneOff,
  elsewhere: PhoneForwarded,
  lost: Unplug,
};

function outcomeOf({ call, reason, talked }: EndedCall): Outcome {
  if (call.progress !== undefined && reason !== 'connection-lost') {
    return 'called';
  }
  switch (reason) {
    case 'connection-lost':
      return 'lost';
    case 'answered-elsewhere':
      return 'elsewhere';
    case 'you-rejected':
    case 'busy':
    case 'they-declined':
    case 'no-answer':
    case 'not-reached':
    case 'not-placed':
    case 'no-microphone':
    case 'status-changed':
    case 'rejected-elsewhere':
      return 'declined';
    case 'caller-gave-up':
    case 'nobody-answered':
    case 'caller-gone':
      return 'missed';
    case 'over':
    case 'transferred':
    case 'you-hung-up':
    case 'caller-hung-up':
      return talked === null ? 'declined' : 'answered';
  }
}
