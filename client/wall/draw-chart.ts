import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { minuteTime } from '../../ui/time-words.ts';
import { type Days, type FigureName, figureText, isCount, SHARES, type seriesOf } from './figures.ts';

interface ChartOptions {
  isSmall: boolean;
  locale: string;
  read: (days: Days) => ReturnType<typeof seriesOf>;
  days: Days;
  name: FigureName;
}

interface DrawnChart {
  update(days: Days): void;
  close(): void;
}

const LARGE_HEIGHT = 200;
/** The shortest time that a chart shows, in seconds. */
const SHORTEST = 7200;
/** Steps of a count: there is no half of a call. */
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
/** Seconds between two marks of the time. */
const HOURS = [1800, 3600, 7200, 10_800, 14_400];

/** Draws a chart into an element, in the colours of the page as they are now. */
export function drawChart(element: HTMLElement, options: ChartOptions): DrawnChart {
  const { isSmall, locale, read, name } = options;
  const resolved = (property: string) => {
    // Canvas knows no light-dark(): the browser says which of both it is.
    const probe = document.createElement('i');
    probe.style.color = `var(${property})`;
    element.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const accent = resolved('--accent');
  const soft = resolved('--ink-soft');
  const line = resolved('--line');
  let { from } = options.days.today;

  const dataOf = (days: Days): uPlot.AlignedData => {
    from = days.today.from;
    const { times, values } = read(days);
    return [times.map((ms) => ms / 1000), [...values.today], [...values.yesterday], [...values.lastWeek]];
  };
  const axis = {
    stroke: soft,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line },
    font: '12px system-ui',
  };
  const size = () => ({
    width: Math.max(40, element.clientWidth),
    height: isSmall ? element.clientHeight : LARGE_HEIGHT,
  });
  const chart = new uPlot(
    {
      ...size(),
      pxAlign: false,
      cursor: { show: false },
      legend: { show: false },
      select: { show: false, left: 0, top: 0, width: 0, height: 0 },
      padding: isSmall ? [2, 0, 2, 0] : [8, 8, 0, 0],
      scales: {
        // Of a single interval, the library would make a span of more than a day.
        x: { time: false, range: (_chart, first, last) => [first, Math.max(last, first + SHORTEST)] },
        y: { range: (_chart, _low, high) => [0, SHARES.includes(name) || !(high > 0) ? 1 : high * 1.1] },
      },
      axes: isSmall
        ? [{ show: false }, { show: false }]
        : [
            {
              ...axis,
              values: (_chart, ticks) => ticks.map((at) => minuteTime(from + at * 1000, locale)),
              space: 64,
              incrs: HOURS,
            },
            {
              ...axis,
              size: 56,
              ...(isCount(name) && { incrs: COUNTS }),
              values: (_chart, ticks) => ticks.map((value) => figureText(name, value, locale)),
            },
          ],
      series: [
        {},
        {
          stroke: accent,
          width: 2,
          points: { show: !isSmall, size: 6, fill: accent },
          // A line without points shows nothing of a quarter of an hour between two without a value.
          spanGaps: isSmall,
          ...(isSmall &&
            !matchMedia('(forced-colors: active)').matches && { fill: resolved('--accent-soft') }),
        },
        {
          stroke: isSmall ? line : soft,
          width: 1.5,
          ...(!isSmall && { dash: [5, 4] }),
          points: { show: false },
          spanGaps: isSmall,
        },
        { stroke: soft, width: 1.5, dash: [1, 3], points: { show: false }, show: !isSmall },
      ],
    },
    dataOf(options.days),
    element,
  );
  const observer = new ResizeObserver(() => chart.setSize(size()));
  observer.observe(element);
  return {
    update: (days) => chart.setData(dataOf(days)),
    close() {
      observer.disconnect();
      chart.destroy();
    },
  };
}
