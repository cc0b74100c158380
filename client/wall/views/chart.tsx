import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Days, type FigureName, linesOf, seriesOf } from '../figures.ts';
import { usePage } from './context.ts';

/** `small`: a line without axes. `large`: with axes, and the days before beside it. */
type Kind = 'small' | 'large';

interface ChartProps {
  days: Days;
  name: FigureName;
  kind: Kind;
}

/**
 * The course of a figure by quarter of an hour. A picture: the same is there in words and numbers. What draws is loaded
 * after the page has painted.
 */
export function Chart({ days, name, kind }: ChartProps) {
  const { live, locale, theme } = usePage();
  const place = useRef<HTMLSpanElement>(null);
  const drawn = useRef<{ update(days: Days): void; close(): void } | null>(null);
  const colours = useSignal(0);
  const latest = useRef(days);
  latest.current = days;

  useEffect(() => {
    const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
      matchMedia(query),
    );
    const change = () => {
      colours.value += 1;
    };
    for (const query of queries) query.addEventListener('change', change);
    return () => {
      for (const query of queries) query.removeEventListener('change', change);
    };
  }, [colours]);

  useSignalEffect(() => {
    void [theme.value, colours.value, locale.value];
    let isClosed = false;
    const element = place.current;
    import('../draw-chart.ts').then(
      ({ drawChart }) => {
        if (isClosed || element === null) return;
        drawn.current = drawChart(element, {
          isSmall: kind === 'small',
          locale: locale.peek(),
          read: (shown: Days) => {
            const series = seriesOf(shown, name, live.now.peek());
            return kind === 'small' ? linesOf(series) : series;
          },
          days: latest.current,
          name,
        });
      },
      () => {}, // The numbers are there without the picture.
    );
    return () => {
      isClosed = true;
      drawn.current?.close();
      drawn.current = null;
    };
  });

  useEffect(() => drawn.current?.update(days), [days]);

  return <span ref={place} class={`chart chart--${kind}`} aria-hidden="true" />;
}
