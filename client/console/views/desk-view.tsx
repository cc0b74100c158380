import { ChevronRight, Ear } from 'lucide';
import { Fragment } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { CallDetail } from '../../../domain/api/console-api.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { type RingChain, ringChainsOf } from '../../../domain/desk/ring-chain.ts';
import { Icon } from '../../../ui/icon.tsx';
import { preciseTime, span } from '../../../ui/time-words.ts';
import { type DeskStep, deskStepsOf, hearsNow } from '../desk/desk-steps.ts';
import { consideredWords, deskWords, hearsWords, ringWords, whyWords } from '../desk/desk-words.ts';
import { usePage } from './context.ts';

interface DeskViewProps {
  events: readonly DeskEvent[];
  /** Events that are left out, because there are too many. */
  gap: CallDetail['deskGap'] | null;
  /** When the timeline of the call begins, milliseconds since 1970. */
  start: number;
  isLive: boolean;
}

/** What the desk did with a call: whom it rang and why, and what the caller hears. Nothing for a call that it did not see. */
export function DeskView({ events, gap, start, isLive }: DeskViewProps) {
  const { strings } = usePage();
  const words = strings.value.desk;
  const steps = useMemo(() => deskStepsOf(events), [events]);
  const hears = useMemo(() => hearsNow(events), [events]);
  const chains = useMemo(
    () => new Map(ringChainsOf(events).map((chain) => [chain.reservation, chain])),
    [events],
  );

  return steps.length === 0 ? null : (
    <section class="desk" aria-labelledby="desk-title">
      <h3 id="desk-title" class="desk__title">
        {words.title}
      </h3>
      <ol class="desk__steps">
        {steps.map((step, index) => (
          <Fragment key={step.key}>
            {gap && step.key >= gap.after && (steps[index - 1]?.key ?? -1) < gap.after && (
              <li class="desk__step desk__why">{words.omitted(gap.omitted)}</li>
            )}
            <DeskLine
              step={step}
              start={start}
              chain={step.kind === 'offer ended' && step.first ? chains.get(step.reservation) : undefined}
            />
          </Fragment>
        ))}
      </ol>
      {isLive && hears !== null && (
        <p class="desk__now">
          <Icon icon={Ear} />
          <span>
            {words.now} {hearsWords(hears, strings.value)}
          </span>
        </p>
      )}
    </section>
  );
}

function DeskLine({
  step,
  start,
  chain,
}: {
  step: DeskStep;
  start: number;
  /** Of an offer that was not taken: how far it came. */
  chain: RingChain | undefined;
}) {
  const { locale, strings } = usePage();
  const sinceStart = span(Math.max(0, step.at - start), locale.value);
  const sentence = useId();
  const ring = chain && ringWords(chain, strings.value);
  return (
    <li class="desk__step">
      <time
        class="desk__time"
        dateTime={new Date(step.at).toISOString()}
        title={preciseTime(step.at, locale.value)}
      >
        <span class="visually-hidden">{strings.value.ladder.afterStart(sinceStart)}</span>
        <span aria-hidden="true">{sinceStart}</span>
      </time>
      <div class="desk__words">
        <p id={sentence} class="desk__sentence">
          {deskWords(step, strings.value)}
        </p>
        {step.kind === 'offered' && <Reasons step={step} describedBy={sentence} />}
        {ring && <p class="desk__why">{ring}</p>}
      </div>
    </li>
  );
}

/** Why this agent: in short, and on request everyone who was considered. */
function Reasons({
  step,
  describedBy,
}: {
  step: Extract<DeskStep, { kind: 'offered' }>;
  describedBy: string;
}) {
  const { strings } = usePage();
  return (
    <>
      <p class="desk__why">{whyWords(step, strings.value)}</p>
      <details class="desk__details">
        <summary aria-describedby={describedBy}>
          <Icon icon={ChevronRight} class="desk__arrow" />
          {strings.value.desk.why.title}
        </summary>
        <ul class="desk__considered">
          {consideredWords(step.why, strings.value).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  );
}
