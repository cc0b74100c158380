import {
  CalendarClock,
  type IconNode,
  PhoneForwarded,
  PhoneIncoming,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  Unplug,
  Voicemail,
} from 'lucide';
import type { HistoryItem, HistoryOutcome } from '../../../domain/api/history-api.ts';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { visibleMarks } from '../../../ui/visible-marks.ts';
import { CallBack } from './call-back.tsx';
import { whenWords } from './times.ts';
import { useWorkspace } from './use-workspace.ts';
import { WhyNoRing } from './why-no-ring.tsx';

type Look = 'answered' | 'missed' | 'lost' | 'other';

/** Calls that the agent may say she never heard. */
const UNHEARD: readonly HistoryOutcome[] = ['missed', 'caller-hung-up', 'not-reached'];

const looks: Record<HistoryOutcome, { icon: IconNode; look: Look }> = {
  answered: { icon: PhoneIncoming, look: 'answered' },
  missed: { icon: PhoneMissed, look: 'missed' },
  'caller-hung-up': { icon: PhoneMissed, look: 'missed' },
  declined: { icon: PhoneOff, look: 'other' },
  'answered-elsewhere': { icon: PhoneForwarded, look: 'other' },
  'not-reached': { icon: Unplug, look: 'missed' },
  voicemail: { icon: Voicemail, look: 'other' },
  callback: { icon: CalendarClock, look: 'other' },
  overflow: { icon: PhoneForwarded, look: 'other' },
  closed: { icon: PhoneOff, look: 'other' },
  canceled: { icon: PhoneOff, look: 'other' },
  lost: { icon: Unplug, look: 'lost' },
};

interface HistoryRowProps {
  item: HistoryItem;
  /** The caller stands above the list. */
  isOfCaller?: boolean;
}

/** A call that is over: by an icon and a word for each outcome. */
export function HistoryRow({ item, isOfCaller = false }: HistoryRowProps) {
  const { agent, locale, words } = useWorkspace();
  const { outcome, direction, talked, number, queue, wrapUp } = item;
  const { icon, look } = looks[outcome];
  const when = whenWords(item.at, Date.now(), locale.value, words.lists);
  const isDialled = direction === 'outbound' && outcome === 'answered';
  const formatted = number === null ? '' : agent.nameOf(number);
  const contact = item.contact?.name ?? item.contact?.company;
  const caller = (contact && visibleMarks(contact)) || formatted || words.lists.unknownCaller;
  const noted = [wrapUp?.outcome, wrapUp?.note].filter((text) => text).join(': ');
  return (
    <li class={`history__item history__item--${look}`}>
      <Icon icon={isDialled ? PhoneOutgoing : icon} class="history__icon" />
      <div class="history__main">
        {!isOfCaller && <bdi class="history__caller">{caller}</bdi>}
        <p class="history__outcome">
          <span class="history__word">{outcomeOf(item, words.history, agent.line.agent.value)}</span>
          {detailsOf(item, words.history, agent.line.agent.value).map((detail) => (
            <span key={detail}>{detail}</span>
          ))}
          {queue && <span>{queue}</span>}
        </p>
        {noted && <p class="history__note">{visibleMarks(noted)}</p>}
        {!isOfCaller && UNHEARD.includes(outcome) && item.agent !== null && (
          <WhyNoRing item={item} agent={item.agent} />
        )}
      </div>
      <div class="history__side">
        <time dateTime={new Date(item.at).toISOString()}>{when}</time>
        {talked !== null && talked > 0 && <span class="history__talked">{clock(talked * 1_000)}</span>}
      </div>
      {!isOfCaller && number && <CallBack number={number} name={words.lists.callBack(caller)} />}
    </li>
  );
}

type Words = ReturnType<typeof useWorkspace>['words']['history'];

/** What became of a call; of one that somebody else answered, who did. */
function outcomeOf(item: HistoryItem, words: Words, me: string | null): string {
  const other = answeredByOther(item, me);
  return item.outcome === 'answered' && other !== null
    ? words.answeredBy(other)
    : words.outcomes[item.outcome];
}

/** The agent who answered in place of me; null: nobody did, or I did, perhaps after it was passed on to me. */
function answeredByOther({ answeredBy, agent, outcome }: HistoryItem, me: string | null): string | null {
  const isMine = answeredBy === me || (agent === me && outcome === 'answered');
  return isMine ? null : answeredBy;
}

/** How it came about, and how it ended. */
function detailsOf(item: HistoryItem, words: Words, me: string | null): string[] {
  const { hungUpBy, outcome, isCallback, direction, transferred } = item;
  const other = answeredByOther(item, me);
  const isAgentNamed = hungUpBy === 'agent' && (other !== null || item.agent !== me);
  // Whoever was called is no caller.
  const isCustomer = hungUpBy === 'caller' && direction === 'outbound';
  const who = isAgentNamed ? 'agentNamed' : isCustomer ? 'customer' : hungUpBy;
  return [
    ...(isCallback ? [words.calledBack] : direction === 'outbound' ? [words.outbound] : []),
    ...(other !== null && outcome !== 'answered' ? [words.answeredBy(other)] : []),
    ...(transferred ? [item.agent === me ? words.transferred : words.transferredByAgent] : []),
    ...(outcome === 'answered' && who !== null && !transferred ? [words.hungUp[who]] : []),
  ];
}
