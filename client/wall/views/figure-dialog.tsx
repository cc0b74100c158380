import { ExternalLink, RotateCw } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { FigureCalls } from '../../../domain/api/wall-api.ts';
import type { FigureCall } from '../../../domain/desk/figures.ts';
import { clock } from '../../../ui/clock.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { minuteTime, shortTime } from '../../../ui/time-words.ts';
import type { WallStrings } from '../../strings/wall-en.ts';
import { type Days, type FigureName, figureText, seriesOf } from '../figures.ts';
import { Chart } from './chart.tsx';
import { usePage } from './context.ts';
import { Compared } from './figures-view.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** A figure with its formula, its course, and the calls that make it up. */
export function FigureDialog({ name, onClose }: { name: FigureName; onClose: () => void }) {
  const { live, locale, strings } = usePage();
  const words = strings.value;
  const days = live.days.value;
  return (
    <Dialog title={words.figures.name[name]} isWide onClose={onClose}>
      {days !== null && (
        <>
          <p class="figure-open">
            <span class="figure-open__value">{figureText(name, days.today[name], locale.value)}</span>
            <Compared days={days} name={name} />
            <span class="figure-open__note">{words.figures.byNow}</span>
          </p>
          <p class="figure-open__formula">{words.figures.meaning[name]}</p>
          <Course days={days} name={name} />
        </>
      )}
      {name === 'occupancy' && days !== null ? <AgentsDay days={days} /> : <Calls figure={name} />}
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </Dialog>
  );
}

/** The chart, and the same in numbers. */
function Course({ days, name }: { days: Days; name: FigureName }) {
  const { live, locale, strings } = usePage();
  const words = strings.value.figures;
  const { times, values } = seriesOf(days, name, live.now.value);
  if (times.length === 0) return <p class="waiting">{words.noData}</p>;
  const text = (value: number | null | undefined) => figureText(name, value ?? null, locale.value);
  return (
    <>
      <p class="chart-key" aria-hidden="true">
        <span class="chart-key__today">{words.today}</span>
        <span class="chart-key__yesterday">{words.yesterday}</span>
        <span class="chart-key__last-week">{words.lastWeek}</span>
      </p>
      <Chart days={days} name={name} kind="large" />
      <details class="course">
        <summary>{words.chartIntervals(words.name[name])}</summary>
        <ScrollBox label={words.chart(words.name[name])}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{words.time}</th>
                {[words.today, words.yesterday, words.lastWeek].map((day) => (
                  <th key={day} scope="col" class="number">
                    {day}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, index) => (
                <tr key={at}>
                  <th scope="row">{minuteTime(days.today.from + at, locale.value)}</th>
                  <td class="number">{text(values.today[index])}</td>
                  <td class="number">{text(values.yesterday[index])}</td>
                  <td class="number">{text(values.lastWeek[index])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </details>
    </>
  );
}

/** Rows that are shown at first: of very many calls, the newest are what somebody asks about. */
const FIRST_ROWS = 200;

function Calls({ figure }: { figure: FigureName }) {
  const { live, strings } = usePage();
  const words = strings.value.calls;
  const [listed, setListed] = useState<FigureCalls | 'loading' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isOver = false;
    setListed('loading');
    live.figureCalls(figure).then(
      (calls) => !isOver && setListed(calls),
      () => !isOver && setListed('failed'),
    );
    return () => {
      isOver = true;
    };
  }, [figure, live, attempt]);

  if (listed === 'loading') {
    return (
      <p class="waiting" role="status">
        {words.loading}
      </p>
    );
  }
  if (listed === 'failed') {
    return (
      <div class="failure" role="alert">
        <p>{words.failed}</p>
        <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
          <Icon icon={RotateCw} />
          {strings.value.retry}
        </button>
      </div>
    );
  }
  const shown = listed.calls.slice(0, FIRST_ROWS);
  return (
    <div class="calls">
      <h3 class="calls__title">
        {shown.length < listed.total ? words.shown(shown.length, listed.total) : words.title(listed.total)}
      </h3>
      {shown.length === 0 ? <p class="waiting">{words.none}</p> : <CallTable calls={shown} />}
    </div>
  );
}

function CallTable({ calls }: { calls: readonly FigureCall[] }) {
  const { live, locale, nameOf, strings } = usePage();
  const words = strings.value.calls;
  const { columns } = words;
  const stage = live.session.stage.value;
  const mayOpen = 'session' in stage && stage.session.roles.includes('developer');
  const length = (seconds: number | null) => (seconds === null ? '–' : clock(seconds * 1000));
  return (
    <ScrollBox label={words.title(calls.length)}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{columns.time}</th>
            <th scope="col">{columns.caller}</th>
            <th scope="col">{columns.queue}</th>
            <th scope="col">{columns.agent}</th>
            <th scope="col" class="number">
              {columns.waited}
            </th>
            <th scope="col" class="number">
              {columns.handled}
            </th>
            <th scope="col">{columns.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <tr key={call.id}>
              <td>{shortTime(call.at, live.now.peek(), locale.value)}</td>
              <td>
                {mayOpen ? (
                  <a
                    href={`./console.html?call=${encodeURIComponent(call.id)}`}
                    target="_blank"
                    rel="noopener"
                    aria-label={words.open(nameOf(call.from))}
                  >
                    <bdi>{nameOf(call.from)}</bdi> <Icon icon={ExternalLink} />
                  </a>
                ) : (
                  <bdi>{nameOf(call.from)}</bdi>
                )}
              </td>
              <td>{call.queue}</td>
              <td>{call.agent ?? '–'}</td>
              <td class="number">{length(call.waitedSeconds)}</td>
              <td class="number">{length(call.handleSeconds)}</td>
              <td>{outcomeWords(words, call)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** What became of a call, and who did not take it. */
function outcomeWords(
  words: WallStrings['calls'],
  { outcome, isInTime, isShort, notTaken }: FigureCall,
): string {
  const end =
    outcome === 'answered' && !isInTime ? words.late : isShort ? words.short : words.outcome[outcome];
  const refused = notTaken.map(({ agent, as, by }) =>
    by === 'caller' ? words.callerHungUp(agent) : words.notTaken[as](agent),
  );
  return [end, ...refused].join(' · ');
}

/** What each agent did today. */
export function AgentsDayDialog({ onClose }: { onClose: () => void }) {
  const { live, strings } = usePage();
  const words = strings.value;
  const days = live.days.value;
  return (
    <Dialog title={words.agentsDay.title} isWide onClose={onClose}>
      {days !== null && <AgentsDay days={days} />}
      <form method="dialog" class="dialog__actions">
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </Dialog>
  );
}

function AgentsDay({ days }: { days: Days }) {
  const words = usePage().strings.value.agentsDay;
  const length = (seconds: number) => clock(seconds * 1000);
  return (
    <ScrollBox label={words.title}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{words.agent}</th>
            {[
              words.handled,
              words.talk,
              words.wrapUp,
              words.idle,
              words.offers,
              words.rejected,
              words.missed,
            ].map((column) => (
              <th key={column} scope="col" class="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.today.agents.map((agent) => (
            <tr key={agent.name}>
              <th scope="row">{agent.name}</th>
              <td class="number">{agent.handled}</td>
              <td class="number">{length(agent.talkSeconds)}</td>
              <td class="number">{length(agent.wrapUpSeconds)}</td>
              <td class="number">{length(agent.idleSeconds)}</td>
              <td class="number">{agent.offers}</td>
              <td class="number">{agent.rejected}</td>
              <td class="number">{agent.missed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
