import { useMemo } from 'preact/hooks';
import { clock } from '../../../ui/clock.ts';
import { FeedChip } from '../../../ui/page-frame.tsx';
import { minuteTime } from '../../../ui/time-words.ts';
import { agentRows, countByGroup } from '../board.ts';
import { type FigureName, figureText } from '../figures.ts';
import { AlarmsView } from './alarms-view.tsx';
import { usePage } from './context.ts';
import { Timer } from './timer.tsx';

/** Figures that are read from the other end of the room. */
const FIGURES: readonly FigureName[] = ['serviceLevel', 'offered', 'answered', 'abandoned', 'asa'];

/** Alarms that fit. */
const MOST_ALARMS = 2;
const MOST_QUEUES = 5;

/** The desk to be read from four metres away: nothing to click, and nothing that changes places by itself. */
export function BigScreen() {
  const { live, locale, strings } = usePage();
  const words = strings.value;
  const view = live.view.value;
  const days = live.days.value;
  const counts = useMemo(() => (view === null ? null : countByGroup(agentRows(view))), [view]);
  if (view === null || counts === null) return <p class="waiting">{words.feed.loading}</p>;
  const waiting = view.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const since = Math.min(...view.queues.map(({ waitingSince }) => waitingSince ?? Number.POSITIVE_INFINITY));
  const longest = Number.isFinite(since) ? clock(live.now.value - since) : '–';

  return (
    <main class="big">
      <div class="big__top">
        <h1 class="big__title">{words.product}</h1>
        <FeedChip state={live.feed.value} words={words.feed} />
        <time class="big__time">{minuteTime(live.now.value, locale.value)}</time>
      </div>
      <AlarmsView most={MOST_ALARMS} />
      <dl class="big__now">
        <Tile name={words.big.waiting} value={String(waiting)} />
        <Tile name={words.big.longest} value={longest} />
        <Tile name={words.big.ready} value={String(counts.ready)} />
        <Tile name={words.big.busy} value={String(counts.busy + counts.ringing)} />
        <Tile name={words.big.away} value={String(counts.away + counts['wrap-up'])} />
      </dl>
      <dl class="big__figures">
        {FIGURES.map((name) => (
          <Tile
            key={name}
            name={words.figures.name[name]}
            value={days === null ? '…' : figureText(name, days.today[name], locale.value)}
          />
        ))}
      </dl>
      <table class="big__queues">
        <thead>
          <tr>
            <th scope="col">{words.queues.columns.queue}</th>
            <th scope="col" class="number">
              {words.queues.columns.waiting}
            </th>
            <th scope="col" class="number">
              {words.queues.columns.longest}
            </th>
            <th scope="col" class="number">
              {words.queues.columns.ready}
            </th>
          </tr>
        </thead>
        <tbody>
          {view.queues.slice(0, MOST_QUEUES).map((queue) => (
            <tr key={queue.name}>
              <th scope="row">{queue.name}</th>
              <td class="number">{queue.waiting}</td>
              <td class="number">
                {queue.waitingSince === null ? '–' : <Timer since={queue.waitingSince} />}
              </td>
              <td class="number">{queue.ready}</td>
            </tr>
          ))}
          {view.queues.length > MOST_QUEUES && (
            <tr>
              <td colSpan={4}>{words.big.moreQueues(view.queues.length - MOST_QUEUES)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </main>
  );
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <div class="tile">
      <dt class="tile__name">{name}</dt>
      <dd class="tile__value">{value}</dd>
    </div>
  );
}
