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
        <Exports days={days} />
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
      {(days !== null || !live.areFiguresLate.value) && (
        <>
          {days === null && (
            <p class="visually-hidden" role="status">
              {words.loading}
            </p>
          )}
          <ul class="figures" aria-busy={days === null}>
            {FIRST_FIGURES.map((name) => (
              <li key={name}>
                {days === null ? <FigurePlace name={name} /> : <FigureCard name={name} days={days} />}
              </li>
            ))}
          </ul>
          <ul class="figures figures--more" aria-busy={days === null}>
            {MORE_FIGURES.map((name) => (
              <li key={name}>
                {days === null ? (
                  <FigurePlace name={name} isSmall />
                ) : (
                  <FigureCard name={name} days={days} isSmall />
                )}
              </li>
            ))}
          </ul>
          <Outbound outbound={days === null ? null : days.today.outbound} />
        </>
      )}
    </section>
  );
}

/** Keeps the place of a figure that is not there yet: what is below must not move when it comes. */
function FigurePlace({ name, isSmall = false }: { name: FigureName; isSmall?: boolean }) {
  const words = usePage().strings.value.figures;
  return (
    <div class={`figure card ${isSmall ? 'figure--small' : ''}`}>
      <span class="figure__name">{words.name[name]}</span> <span class="figure__value">…</span>{' '}
      <span class="chart chart--small" />
      {!isSmall && (
        <span class="figure__compared">
          <span>{words.yesterday} …</span> <span>{words.lastWeek} …</span>
        </span>
      )}
    </div>
  );
}

/** The calls that agents dialled: they count in no other figure. */
function Outbound({ outbound }: { outbound: Figures['outbound'] | null }) {
  const { locale, strings } = usePage();
  const words = strings.value.figures.outbound;
  const text = (name: 'dialed' | 'answered') => outbound?.[name].toLocaleString(locale.value) ?? '…';
  return (
    <section class="outbound" aria-labelledby="outbound-title">
      <h3 id="outbound-title" class="outbound__title">
        {words.title}
      </h3>
      <dl class="outbound__figures">
        <div>
          <dt>{words.dialed}</dt> <dd>{text('dialed')}</dd>
        </div>
        <div>
          <dt>{words.answered}</dt> <dd>{text('answered')}</dd>
        </div>
        <div>
          <dt>{words.talk}</dt> <dd>{outbound === null ? '…' : clock(outbound.talkSeconds * 1000)}</dd>
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

function Exports({ days }: { days: Days | null }) {
  const { opened, save, strings } = usePage();
  const { agentsDay, figures: words } = strings.value;
  const saveTable = (name: string, table: (today: Figures) => string) => {
    if (days === null) return;
    const date = new Date(days.today.from);
    const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    save(`${name}-${day}.csv`, table(days.today));
  };
  const intervals = (today: Figures) =>
    csvOf(intervalTable(today, [words.time, ...INTERVAL_COLUMNS.map((name) => words.name[name])]));
  const agents = (today: Figures) => {
    const { agent, handled, talk, wrapUp, idle, offers, rejected, missed, seconds } = agentsDay;
    const heading = [agent, handled, seconds(talk), seconds(wrapUp), seconds(idle), offers, rejected, missed];
    return csvOf(agentTable(today, heading));
  };
  return (
    <div class="exports">
      <button
        type="button"
        class="button button--text"
        disabled={days === null}
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
          disabled={days === null}
          onClick={() => saveTable('figures', intervals)}
        >
          {words.exportIntervals}
        </button>
        <button
          type="button"
          class="button button--text"
          disabled={days === null}
          onClick={() => saveTable('agents', agents)}
        >
          {words.exportAgents}
        </button>
      </span>
    </div>
  );
}
