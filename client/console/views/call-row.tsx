import {
  BellRing,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  type IconNode,
  PhoneCall,
  PhoneForwarded,
  PhoneMissed,
  TriangleAlert,
  Voicemail,
} from 'lucide';
import type { CallSummary } from '../../../domain/calls/call.ts';
import type { Exit } from '../../../domain/desk/desk.ts';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Marked } from '../../../ui/marked.tsx';
import { shortTime } from '../../../ui/time-words.ts';
import { useNow } from '../../../ui/use-now.ts';
import { beginOf, isOnlyAsked, lengthsOf, outcomeWords, statusWords, toneOf } from '../call-words.ts';
import { usePage } from './context.ts';
import { useAsOf } from './use-as-of.ts';

interface CallRowProps {
  id: string;
  call: CallSummary;
  /** Place in the list, from 0. */
  index: number;
  /** Number of all calls; -1 while that is not known. */
  setSize: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
}

/** One line in the list of calls. */
export function CallRow({ id, call: told, index, setSize, top, isOpen, isActive }: CallRowProps) {
  const { live, locale, nameOf, strings } = usePage();
  const words = strings.value;
  const wanted = live.calls.wanted.value;
  const call = useAsOf(told);
  const { agent, answeredAt, status } = call;
  const begin = beginOf(call);
  const outcome = outcomeWords(call, isOnlyAsked(call), words);

  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active
    <div
      id={id}
      role="option"
      class={`call-row tone-${toneOf(call)}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-selected={isOpen}
      aria-setsize={setSize}
      aria-posinset={index + 1}
      data-call={call.id}
      data-active={isActive || undefined}
    >
      <Icon icon={iconOf(call)} class="call-row__icon" />
      <span class="call-row__line">
        <span class="call-row__outcome">
          <span class={status === 'ended' ? 'call-row__status call-row__status--known' : 'call-row__status'}>
            {statusWords(call, words)}
          </span>{' '}
          {outcome && <span class="call-row__end">{outcome}</span>}
        </span>{' '}
        <span class="call-row__agent">
          {agent && <Marked text={agent} wanted={{ ...wanted, digits: '' }} />}
        </span>
      </span>{' '}
      <span class="call-row__parties">
        <bdi>
          <Marked text={nameOf(call.from)} wanted={wanted} />
        </bdi>{' '}
        <span class="call-row__to">
          <span role="img" aria-label={words.list.to}>
            →
          </span>{' '}
          <bdi>
            <Marked text={nameOf(call.to)} wanted={wanted} />
          </bdi>
        </span>
      </span>{' '}
      <time class="call-row__when" dateTime={new Date(begin).toISOString()}>
        {shortTime(begin, Date.now(), locale.value)}
      </time>{' '}
      {status === 'in-call' && answeredAt !== null ? (
        <span class="call-row__talk" aria-hidden="true" title={words.list.talk}>
          <Elapsed since={answeredAt} />
        </span>
      ) : (
        <TalkTime call={call} />
      )}
    </div>
  );
}

/** A length as the call itself tells it, which knows only whole seconds. */
function rounded(ms: number): string {
  return clock(Math.round(ms / 1_000) * 1_000);
}

/** How long somebody talked with the caller; the whole time, which counts the ringing too, is in its title. */
function TalkTime({ call }: { call: CallSummary }) {
  const words = usePage().strings.value.list;
  const { talk, total } = lengthsOf(call);
  const spoken = talk === null ? [] : [`${words.talk} ${rounded(talk)}`];
  const whole = total === null ? [] : [`${words.total} ${rounded(total)}`];
  return (
    <span class="call-row__talk" title={[...spoken, ...whole].join(' · ') || undefined}>
      {talk === null ? (
        <span aria-hidden="true">–</span>
      ) : (
        <>
          <span class="visually-hidden">{words.talk} </span>
          {rounded(talk)}
        </>
      )}
    </span>
  );
}

/** How long a call has lasted so far. */
export function Elapsed({ since }: { since: number }) {
  const now = useNow(since);
  return <>{clock(now - since)}</>;
}

/** A picture of a call's state; the word is beside it. */
export function iconOf({ status, end, exit }: Pick<CallSummary, 'status' | 'end' | 'exit'>): IconNode {
  if (status === 'ended' && exit !== null) return iconOfExit[exit];
  switch (status) {
    case 'started':
      return CircleDashed;
    case 'ringing':
      return BellRing;
    case 'in-call':
      return PhoneCall;
    case 'ended':
      return iconOfEnd[end ?? 'completed'];
  }
}

const iconOfExit: Record<Exit, IconNode> = {
  completed: CircleCheck,
  voicemail: Voicemail,
  callback: PhoneForwarded,
  abandoned: PhoneMissed,
  overflow: PhoneMissed,
  closed: PhoneMissed,
  'not reached': PhoneMissed,
  lost: TriangleAlert,
};

const iconOfEnd: Record<NonNullable<CallSummary['end']>, IconNode> = {
  completed: CircleCheck,
  rejected: CircleSlash,
  'caller-gave-up': PhoneMissed,
  'nobody-answered': PhoneMissed,
  busy: PhoneMissed,
  failed: TriangleAlert,
  'application-error': TriangleAlert,
  unknown: CircleHelp,
};
