import { Repeat, TriangleAlert } from 'lucide';
import { useId } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import type { Arrow, Step } from '../ladder/ladder.ts';
import { deedWords, flagWords } from '../ladder/step-words.ts';
import { preciseTime, span } from '../time-words.ts';
import { usePage } from './context.ts';
import { ArrowLine, Graph } from './graph.tsx';
import { StepTools } from './step-tools.tsx';

/** One thing that happened: when, between whom, in words, and as it came. */
export function StepView({ step }: { step: Step }) {
  const { language, nameOf, strings } = usePage();
  const words = strings.value.ladder;
  const { at, deed, entry, flags, sincePrevious, sinceStart } = step;
  const sentence = useId();
  const time = (ms: number) => span(ms, language.value);

  return (
    <li class={flags.length > 0 ? 'rung rung--flagged' : 'rung'}>
      <p class="rung__time">
        <time dateTime={new Date(at).toISOString()} title={preciseTime(at, language.value)}>
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
            {flagWords(flag, strings.value, language.value)}
          </p>
        ))}
        <StepTools step={step} describedBy={sentence} />
      </div>
    </li>
  );
}

/** What a developer asks next: the request, how long we took, how late we learned of it. */
function Meta({ step }: { step: Step }) {
  const { language, strings } = usePage();
  const words = strings.value.ladder;
  const { deed, entry, happenedAt } = step;
  const time = (ms: number) => span(ms, language.value);
  if (deed.name === 'instructs') {
    return <p class="rung__meta">{words.tookUntil(time(deed.took))}</p>;
  }
  const lag = happenedAt === null ? 0 : entry.receivedAt - happenedAt;
  const parts = [
    entry.type === 'event' && words.tookUntil(time(entry.took)),
    happenedAt !== null && words.happened(preciseTime(happenedAt, language.value)),
    lag > 0 && words.lag(time(lag)),
  ].filter((part) => part !== false);
  return (
    <p class="rung__meta">
      <code>
        {entry.method} /voice/{entry.type}
      </code>
      {statusOf(step) && <code>{statusOf(step)}</code>}
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
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

function statusOf({ deed, entry }: Step): string | null {
  if (deed.name === 'leg') {
    return deed.detail === null ? deed.status : `${deed.status}: ${deed.detail}`;
  }
  return entry.type === 'event' ? entry.kind : null;
}
