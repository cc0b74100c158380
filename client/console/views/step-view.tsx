import { Repeat, TriangleAlert } from 'lucide';
import { useId } from 'preact/hooks';
import { textSearch } from '../../../domain/api/search.ts';
import { Icon } from '../../../ui/icon.tsx';
import { preciseTime, span } from '../../../ui/time-words.ts';
import { queryOf } from '../filter.ts';
import type { Arrow, StepRung } from '../ladder/ladder.ts';
import { flagWords, stepWords } from '../ladder/step-words.ts';
import { usePage } from './context.ts';
import { ArrowLine, Graph } from './graph.tsx';
import { contentOf, StepTools } from './step-tools.tsx';

/** One thing that happened: when, between whom, in words, and as it came. */
export function StepView({ step }: { step: StepRung }) {
  const { live, locale, nameOf, strings } = usePage();
  const words = strings.value.ladder;
  const { text } = queryOf(live.calls.filter.value, 0);
  const isFound = text !== undefined && textSearch(text).finds(contentOf(step));
  const { at, kind, entry, flags, sincePrevious, sinceStart } = step;
  const sentence = useId();
  const time = (ms: number) => span(ms, locale.value);

  return (
    <li
      id={issueId(step)}
      tabIndex={flags.length > 0 ? -1 : undefined}
      class={flags.length > 0 ? 'rung rung--flagged' : 'rung'}
    >
      <p class="rung__time">
        <time dateTime={new Date(at).toISOString()} title={preciseTime(at, locale.value)}>
          <span class="visually-hidden">{words.afterStart(time(sinceStart))}</span>
          <span aria-hidden="true">{time(sinceStart)}</span>
        </time>
        {sincePrevious !== null && (
          <span class="rung__delay">
            <span class="visually-hidden">, {words.afterPrevious(time(sincePrevious))}</span>
            <span aria-hidden="true">+{time(sincePrevious)}</span>
          </span>
        )}
      </p>
      <Graph after={step.after}>
        {step.arrows.map((arrow) => (
          <ArrowLine
            key={arrow.carries}
            from={arrow.from}
            to={arrow.to}
            kind={arrow.carries === 'leg' ? 'leg' : 'http'}
            label={labelOf(arrow, step)}
          />
        ))}
      </Graph>
      <div class="rung__words">
        <p id={sentence} class="rung__sentence">
          {stepWords(kind, strings.value, nameOf)}{' '}
          {step.deliveries > 1 && <Badge words={words.deliveries(step.deliveries)} />}{' '}
          {isFound && <mark class="badge">{words.match}</mark>}
          {entry.replayed && <Badge words={words.replayed} />}
          {entry.repeats !== null && (
            <Badge words={entry.type === 'event' ? words.repeated : words.retried} />
          )}
        </p>
        <Meta step={step} />
        {flags.map((flag) => (
          <p key={flag.name} class="flag">
            <Icon icon={TriangleAlert} />
            {flagWords(flag, strings.value, locale.value)}
          </p>
        ))}
        <StepTools step={step} describedBy={sentence} />
      </div>
    </li>
  );
}

/** The place of a step, for jumping to its issue. */
export function issueId({ key }: StepRung): string {
  return `step-${key.replace(' ', '-')}`;
}

function Badge({ words }: { words: string }) {
  return (
    <span class="badge">
      <Icon icon={Repeat} />
      {words}
    </span>
  );
}

/** What a developer asks next: the request, its reply, how long that took, how late we learned of it. */
function Meta({ step }: { step: StepRung }) {
  const { locale, strings } = usePage();
  const words = strings.value.ladder;
  const { kind, entry, happenedAt } = step;
  const time = (ms: number) => span(ms, locale.value);
  const { reply } = entry;
  const replied = <span>{words.replied(reply.status, time(entry.took))}</span>;
  if (kind.name === 'instructs' || kind.name === 'refuses') {
    return <p class="rung__meta">{replied}</p>;
  }
  const detail = kind.name === 'leg' ? kind.detail : null;
  const billed = kind.name === 'leg' ? kind.duration : null;
  const lag = happenedAt === null ? 0 : entry.receivedAt - happenedAt;
  return (
    <p class="rung__meta">
      <code>
        {entry.method} {entry.route}
      </code>
      {detail !== null && <code>{detail}</code>}
      {entry.type === 'event' && reply.ncco === undefined && replied}
      {billed !== null && <span>{strings.value.steps.billed(billed)}</span>}
      {happenedAt !== null && lag > 0 && (
        <span title={preciseTime(happenedAt, locale.value)}>{words.lag(time(lag))}</span>
      )}
    </p>
  );
}

/** What goes along an arrow, in Vonage's own words, which need no translation. */
function labelOf({ carries }: Arrow, step: StepRung): string {
  switch (carries) {
    case 'leg':
      return step.kind.name === 'leg' ? step.kind.status : 'input';
    case 'ncco':
      return 'NCCO';
    case 'reply':
      return String(step.entry.reply.status);
    default:
      return carries;
  }
}
