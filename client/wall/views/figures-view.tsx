import { Download, RotateCw } from 'lucide';
import { useId } from 'preact/hooks';
import type { Figures } from '../../../domain/desk/figures.ts';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import {
  agentTable,
  csvOf,
  type Days,
  FIRST_FIGURES,
  type FigureName,
  figureText,
  INTERVAL_COLUMNS,
  intervalTable,
  MORE_FIGURES,
  valueUntilNow,
} from '../figures.ts';
import { Chart } from './chart.tsx';
import { usePage } from './context.ts';

/** The figures of today beside those of the days before. */
export function FiguresView() {
  const { live, strings } = usePage();
  const words = strings.value.figures;
  const days = live.days.value;
  return (
    <section class="panel panel--figures" aria-labelledby="figures-title">
      <div class="panel__head">
        <h2 id="figures-title" class="panel__title">
          {words.title}
        </h2>
        {days !== null && <Exports days={days} />}
      </div>
      {live.areFiguresLate.value && (
        <div class="notice notice--trouble" role="alert">
          {words.late}
          <button type="button" class="button button--text" onClick={live.loadFigures}>
            <Icon icon={RotateCw} />
            {strings.value.retry}
          </button>
        </div>
      )}
      {days === null ? (
        !live.areFiguresLate.value && <p class="waiting">{words.loading}</p>
      ) : (
        <>
          <ul class="figures">
            {FIRST_FIGURES.map((name) => (
              <li key={name}>
                <FigureCard name={name} days={days} />
              </li>
            ))}
          </ul>
          <ul class="figures figures--more">
            {MORE_FIGURES.map((name) => (
              <li key={name}>
                <FigureCard name={name} days={days} isSmall />
              </li>
            ))}
          </ul>
          <Outbound outbound={days.today.outbound} />
        </>
      )}
    </section>
  );
}

/** The calls that agents dialled: they count in no other figure. */
function Outbound({ outbound }: { outbound: Figures['outbound'] }) {
  const { locale, strings } = usePage();
  const words = strings.value.figures.outbound;
  const { dialed, answered, talkSeconds } = outbound;
  return (
    <section class="outbound" aria-labelledby="outbound-title">
      <h3 id="outbound-title" class="outbound__title">
        {words.title}
      </h3>
      <dl class="outbound__figures">
        <div>
          <dt>{words.dialed}</dt> <dd>{dialed.toLocaleString(locale.value)}</dd>
        </div>
        <div>
          <dt>{words.answered}</dt> <dd>{answered.toLocaleString(locale.value)}</dd>
        </div>
        <div>
          <dt>{words.talk}</dt> <dd>{clock(talkSeconds * 1000)}</dd>
        </div>
      </dl>
    </section>
  );
}

interface FigureCardProps {
  name: FigureName;
  days: Days;
  /** In one line, without the days before. */
  isSmall?: boolean;
}

function FigureCard({ name, days, isSmall = false }: FigureCardProps) {
  const { locale, opened, strings } = usePage();
  const words = strings.value.figures;
  const formula = useId();
  const isBad = name === 'lost' && days.today.lost > 0;
  return (
    <button
      type="button"
      class={`figure card ${isSmall ? 'figure--small' : ''} ${isBad ? 'tone-end' : ''}`}
      aria-describedby={formula}
      onClick={() => {
        opened.value = { kind: 'figure', name };
      }}
      onKeyDown={(event) => {
        // What covers others goes away by Escape, and comes back with the next focus.
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    >
      <span class="figure__name">{words.name[name]}</span>{' '}
      <span class="figure__value">{figureText(name, days.today[name], locale.value)}</span>{' '}
      <Chart days={days} name={name} kind="small" />
      {!isSmall && <Compared days={days} name={name} />}
      <span id={formula} class="figure__formula">
        {words.meaning[name]}
      </span>
    </button>
  );
}

/** The same figure on the days before, until the same time of the day. */
export function Compared({ days, name }: { days: Days; name: FigureName }) {
  const { live, locale, strings } = usePage();
  const words = strings.value.figures;
  const now = live.minute.value;
  const text = (day: 'yesterday' | 'lastWeek') => {
    const figures = days[day];
    return figures === null
      ? '…'
      : figureText(name, valueUntilNow(figures, days.today, name, now), locale.value);
  };
  return (
    <span class="figure__compared">
      <span>
        {words.yesterday} <b>{text('yesterday')}</b>
      </span>{' '}
      <span>
        {words.lastWeek} <b>{text('lastWeek')}</b>
      </span>
    </span>
  );
}

function Exports({ days }: { days: Days }) {
  const { opened, save, strings } = usePage();
  const { agentsDay, figures: words } = strings.value;
  const date = new Date(days.today.from);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const intervals = () =>
    intervalTable(days.today, [words.time, ...INTERVAL_COLUMNS.map((name) => words.name[name])]);
  const agents = () => {
    const { agent, handled, talk, wrapUp, idle, offers, rejected, missed, seconds } = agentsDay;
    const heading = [agent, handled, seconds(talk), seconds(wrapUp), seconds(idle), offers, rejected, missed];
    return agentTable(days.today, heading);
  };
  return (
    <div class="exports">
      <button
        type="button"
        class="button button--text"
        onClick={() => {
          opened.value = { kind: 'agents day' };
        }}
      >
        {agentsDay.title}
      </button>
      <span class="exports__group">
        <Icon icon={Download} />
        {words.export}:
        <button
          type="button"
          class="button button--text"
          onClick={() => save(`figures-${day}.csv`, csvOf(intervals()))}
        >
          {words.exportIntervals}
        </button>
        <button
          type="button"
          class="button button--text"
          onClick={() => save(`agents-${day}.csv`, csvOf(agents()))}
        >
          {words.exportAgents}
        </button>
      </span>
    </div>
  );
}
