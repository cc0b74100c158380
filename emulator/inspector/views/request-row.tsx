import { ArrowDownLeft, ArrowUpRight, Lightbulb } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { preciseTime } from '../../../ui/time-words.ts';
import type { Summary } from '../../traffic/entry.ts';
import { hasFailed } from '../../traffic/entry.ts';
import { byteSize, duration, pathOf } from '../amounts.ts';
import { markOf } from '../call-mark.ts';
import { usePage } from './context.ts';

interface RequestRowProps {
  summary: Summary;
  /** From 0. */
  index: number;
  count: number;
  top: number;
  isActive: boolean;
}

/** One line in the list. */
export function RequestRow({ summary, index, count, top, isActive }: RequestRowProps) {
  const { locale, strings } = usePage();
  const words = strings.list;
  const { id, direction, kind, what, method, url, startedAt, took, size, call, attempt, repeats, hint } =
    summary;
  const mark = call === null ? null : markOf(call);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active
    <div
      id={`request-${id}`}
      role="option"
      class="row"
      style={{ transform: `translateY(${top}px)`, ...(mark && { '--hue': mark.hue }) }}
      aria-selected={isActive}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-id={id}
      data-call={mark ? '' : undefined}
    >
      <span class="row-direction" data-direction={direction}>
        <Icon icon={direction === 'out' ? ArrowUpRight : ArrowDownLeft} />
        <span class="visually-hidden">{direction === 'out' ? words.sent : words.received}</span>
      </span>
      <span class="row-line">
        <span class="row-what">{direction === 'out' ? what : pathOf(url)}</span>{' '}
        {mark && (
          <span class="row-call">
            <span class="visually-hidden">{words.call} </span>
            {mark.tag}
          </span>
        )}{' '}
        <StatusChip summary={summary} />
      </span>{' '}
      <span class="row-line">
        <span class="row-how">
          <span class="row-method">{method}</span>{' '}
          {attempt > 1 && <span class="row-note">{words.attempt(attempt)} </span>}
          {repeats !== null && <span class="row-note">{words.again} </span>}
          {direction === 'out' && <span>{pathOf(url).split('?', 1)[0]} </span>}
          <span class="row-kind">{strings.request.kinds[kind]}</span>
        </span>{' '}
        <span class="row-amounts">
          {hint && (
            <span class="row-hint" data-failed={hasFailed(summary) || undefined}>
              <Icon icon={Lightbulb} />
              <span class="visually-hidden">{words.hint}</span>
            </span>
          )}
          {took !== null && <span>{duration(took)} </span>}
          <span class="row-size">{byteSize(size)} </span>
          <time dateTime={new Date(startedAt).toISOString()}>{preciseTime(startedAt, locale)}</time>
        </span>
      </span>
    </div>
  );
}

/** The status with its class: green, amber or red, and always as a number or a word. */
export function StatusChip({ summary }: { summary: Summary }) {
  const { strings } = usePage();
  const { status, took } = summary;
  const tone =
    took === null
      ? 'waiting'
      : hasFailed(summary)
        ? 'failed'
        : status !== null && status >= 300
          ? 'moved'
          : 'fine';
  return (
    <span class="status" data-tone={tone}>
      {status ?? (took === null ? strings.list.waiting : strings.list.noAnswer)}
    </span>
  );
}
