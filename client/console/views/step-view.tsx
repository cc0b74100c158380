import { Repeat, TriangleAlert } from 'lucide';
import { useId } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { preciseTime, span } from '../../../ui/time-words.ts';
import type { Arrow, Step } from '../ladder/ladder.ts';
import { deedWords, flagWords } from '../ladder/step-words.ts';
import { usePage } from './context.ts';
import { ArrowLine, Graph } from './graph.tsx';
import { StepTools } from './step-tools.tsx';

/** One thing that happened: when, between whom, in words, and as it came. */
export function StepView({ step }: { step: Step }) {
  const { locale, nameOf, strings } = usePage();
  const words = strings.value.ladder;
  const { at, deed, entry, flags, sincePrevious, sinceStart } = step;
  const sentence = useId();
  const time = (ms: number) => span(ms, locale.value);

  return (
    <li class={flags.length > 0 ? 'rung rung--flagged' : 'rung'}>
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
          {deedWords(deed, strings.value, nameOf)}
          {entry.replayed && (
            <span class="badge">
              <Icon icon={Repeat} />
              {words.replayed}
            </span>
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

/** What a developer asks next: the request, how long we took, how late we learned of it. */
function Meta({ step }: { step: Step }) {
  const { locale, strings } = usePage();
  const words = strings.value.ladder;
  const { deed, entry, happenedAt } = step;
  const time = (ms: number) => span(ms, locale.value);
  if (deed.name === 'instructs') {
    return <p class="rung__meta">{words.tookUntil(time(deed.took))}</p>;
  }
  const detail = deed.name === 'leg' ? deed.detail : null;
  const billed = deed.name === 'leg' ? deed.duration : null;
  const lag = happenedAt === null ? 0 : entry.receivedAt - happenedAt;
  return (
    <p class="rung__meta">
      <code>
        {entry.method} /voice/{entry.type}
      </code>
      {detail !== null && <code>{detail}</code>}
      {entry.type === 'event' && <span>{words.tookUntil(time(entry.took))}</span>}
      {billed !== null && <span>{strings.value.deed.billed(billed)}</span>}
      {happenedAt !== null && lag > 0 && (
        <span title={preciseTime(happenedAt, locale.value)}>{words.lag(time(lag))}</span>
      )}
    </p>
  );
}

/** What goes along an arrow, in Vonage's own words, which need no translation. */
function labelOf({ carries }: Arrow, step: Step): string {
  switch (carries) {
    case 'leg':
      return step.deed.name === 'leg' ? step.deed.status : 'input';
    case 'ncco':
      return 'NCCO';
    default:
      return carries;
  }
}
