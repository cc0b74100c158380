import type { Growth, Sample } from './samples.ts';

/** What a run was, and what came of it. */
export interface Run {
  title: string;
  samples: readonly Sample[];
  /** When servers were killed, in seconds. */
  kills: readonly number[];
  /** Rows of the table: what, and how much. */
  figures: readonly (readonly [what: string, value: string])[];
  growths: readonly Growth[];
  /** What is wrong, each in words. */
  faults: readonly string[];
}

interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number | null])[];
}

/** The run as a page that needs no other file. */
export function reportPage(run: Run): string {
  const { title, samples, kills, figures, growths, faults } = run;
  const servers = (samples[0]?.servers ?? []).map((_, server) => server);
  const ofServers = (pick: (sample: NonNullable<Sample['servers'][number]>) => number): Line[] =>
    servers.map((server) => ({
      name: `server ${server + 1}`,
      points: samples.map(({ at, servers: all }) => {
        const sample = all[server] ?? null;
        return [at, sample && pick(sample)];
      }),
    }));
  const ofCalls = (name: string, pick: (calls: Sample['calls']) => number): Line => ({
    name,
    points: samples.map(({ at, calls }) => [at, pick(calls)]),
  });
  const heaps = ofServers(({ heap }) => heap).map(({ name, points }) => ({
    name,
    points: points.filter((_, index) => samples[index]?.isCollected),
  }));
  const charts = [
    chart(
      'Resident memory, MB',
      ofServers(({ resident }) => resident),
      kills,
    ),
    chart('JavaScript heap after a collection, MB', heaps, kills),
    chart(
      'Delay of the event loop, 99th percentile, ms',
      ofServers(({ delay }) => delay),
      kills,
    ),
    chart(
      'Age of the oldest request to Vonage, s',
      ofServers(({ outbox }) => outbox),
      kills,
    ),
    chart(
      'Calls',
      [
        ofCalls('talked to an agent', ({ talked }) => talked),
        ofCalls('hung up before', ({ gaveUp }) => gaveUp),
        ofCalls('live', ({ live }) => live),
      ],
      kills,
    ),
  ];
  const rows = [
    ...figures,
    ...growths.map(
      (growth) => [`server ${growth.server + 1}: ${nameOf(growth)}`, growthInWords(growth)] as const,
    ),
  ].map(([what, value]) => `<tr><th scope="row">${escaped(what)}</th><td>${escaped(value)}</td></tr>`);
  const verdict =
    faults.length === 0
      ? `<p class="good">${goodNews(growths)}</p>`
      : `<ul class="bad">${faults.map((fault) => `<li>${escaped(fault)}</li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${verdict}
<table>${rows.join('\n')}</table>
<p>Dotted lines: a server was killed (<code>kill -9</code>), and started again. Memory counts as flat if, over the
second half of the run (the heap) and the last third (resident memory), the straight line that fits it best rises by at
most 16 MB or a tenth, whichever is more; of the heap, only what is left after a collection of garbage counts, which the
soak asks for each 30 seconds.</p>
<main>${charts.join('\n')}</main>
</html>
`;
}

/** What a run says in which nothing is wrong. */
export function goodNews(growths: readonly Growth[]): string {
  if (growths.length > 0) return 'Nothing was lost, and memory is flat.';
  return 'Nothing was lost. The run was too short to judge memory.';
}

const nameOf = ({ what }: Growth) => (what === 'heap' ? 'JavaScript heap' : 'resident memory');

/** How memory grew in the time that is judged. */
export function growthInWords({ from, by, most }: Growth): string {
  return `${from.toFixed(0)} MB, ${by < 0 ? '−' : '+'}${Math.abs(by).toFixed(1)} MB (at most +${most.toFixed(0)})`;
}

const [WIDTH, HEIGHT] = [640, 220];
const PLOT = { left: 48, right: WIDTH - 8, top: 12, bottom: HEIGHT - 24 };

function chart(title: string, lines: readonly Line[], kills: readonly number[]): string {
  const all = lines.flatMap(({ points }) => points);
  const lastX = Math.max(1, ...all.map(([x]) => x));
  const mostY = roundUp(Math.max(0, ...all.map(([, y]) => y ?? 0)));
  const x = (value: number) => (PLOT.left + ((PLOT.right - PLOT.left) * value) / lastX).toFixed(1);
  const y = (value: number) => (PLOT.bottom - ((PLOT.bottom - PLOT.top) * value) / mostY).toFixed(1);
  const grid = [0, mostY / 2, mostY].map(
    (value) =>
      `<path class="grid" d="M${PLOT.left} ${y(value)}H${PLOT.right}"/><text x="${PLOT.left - 6}" y="${y(value)}" class="y">${value}</text>`,
  );
  const minutes = minutesTo(lastX / 60).map(
    (minute) => `<text x="${x(minute * 60)}" y="${HEIGHT - 6}" class="x">${minute} min</text>`,
  );
  const killed = kills.map((at) => `<path class="kill" d="M${x(at)} ${PLOT.top}V${PLOT.bottom}"/>`);
  const drawn = lines.map(({ points }, index) => {
    // A gap where there is no value.
    const path = points.map(([at, value], place) => {
      if (value === null) return '';
      return `${(points[place - 1]?.[1] ?? null) === null ? 'M' : 'L'}${x(at)} ${y(value)}`;
    });
    return `<path class="line l${index}" d="${path.join('')}"/>`;
  });
  const legend = lines.map(({ name }, index) => `<span class="l${index}">${escaped(name)}</span>`);
  return `<figure><figcaption>${escaped(title)} <small>${legend.join(' ')}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">${[...grid, ...minutes, ...killed, ...drawn].join('')}</svg></figure>`;
}

/** The next of 1, 2, 4, 6, 8 and 10 times a power of ten. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 6, 8].find((each) => each * power >= value) ?? 10;
  return Number((factor * power).toPrecision(2));
}

function minutesTo(last: number): number[] {
  const step = [1, 2, 5, 10, 30, 60, 120].find((each) => last / each <= 10) ?? 240;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 88rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; min-width: 0; }
figcaption { font-weight: 600; }
small { font-weight: 400; margin-left: .5rem; }
small span { white-space: nowrap; }
li, td { overflow-wrap: anywhere; }
small span::before { content: ''; display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; background: currentColor; }
svg { width: 100%; height: auto; }
svg text { font-size: 12px; fill: currentColor; }
.y { text-anchor: end; dominant-baseline: middle; }
.x { text-anchor: middle; }
.x:first-of-type { text-anchor: start; }
.grid { stroke: currentColor; stroke-opacity: .2; }
.kill { stroke: currentColor; stroke-dasharray: 2 3; }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.l0 { color: light-dark(#0b5cad, #6cb4ff); }
.l1 { color: light-dark(#b3450b, #ff9e64); }
.l2 { color: light-dark(#3d7a1f, #9fd67f); }
table { border-collapse: collapse; }
th, td { text-align: left; font-weight: 400; padding: .15rem 1.5rem .15rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
.good, .bad { font-weight: 600; }
.good { color: light-dark(#2d6a14, #9fd67f); }
.bad { color: light-dark(#a11, #ff8a8a); }
`;
