import type { WallView } from '../../domain/api/wall-api.ts';

/** Something that a supervisor should see to. Times are milliseconds since 1970. */
export type Alarm = {
  /** The same as long as it is the same trouble. */
  id: string;
  tone: 'trouble' | 'end';
  /** Since when it is so; null: always. */
  since: number | null;
} & (
  | { kind: 'long wait' | 'wait close to bound'; queue: string; bound: number }
  | { kind: 'hold'; from: string | null; agent: string | null }
  | { kind: 'unattended'; queue: string; waiting: number }
  | { kind: 'recovering'; from: string | null; agent: string | null }
  | { kind: 'voicemail'; count: number }
);

/** Share of the longest wait from which a caller's wait is worth a word. */
const CLOSE = 0.75;
/** Milliseconds that a message may wait for somebody to listen. */
const UNHEARD_MS = 30 * 60_000;

/** Of the same severity: a caller who is on a line before one who left a message. */
const ORDER: readonly Alarm['kind'][] = [
  'long wait',
  'unattended',
  'recovering',
  'hold',
  'wait close to bound',
  'voicemail',
];

/** What is wrong now, the worst first, and then what is so for longest. */
export function alarmsOf(view: WallView, now: number): Alarm[] {
  const alarms: Alarm[] = [];
  for (const {
    name: queue,
    waitingSince,
    longestWaitSeconds: bound,
    unattendedSince,
    waiting,
  } of view.queues) {
    if (unattendedSince !== null) {
      const since = unattendedSince === 0 ? null : unattendedSince;
      const tone = waiting > 0 ? 'end' : 'trouble';
      alarms.push({ id: `unattended ${queue}`, kind: 'unattended', tone, since, queue, waiting });
    }
    if (waitingSince === null) continue;
    const isOver = now - waitingSince >= bound * 1000;
    if (isOver || now - waitingSince >= bound * 1000 * CLOSE) {
      const kind = isOver ? 'long wait' : 'wait close to bound';
      const tone = isOver ? 'end' : 'trouble';
      alarms.push({ id: `${kind} ${queue}`, kind, tone, since: waitingSince, queue, bound });
    }
  }
  for (const { id, state, from, agent, heldSince, holdWarning, since } of view.calls) {
    if (holdWarning !== null) {
      const tone = holdWarning === 'alarm' ? 'end' : 'trouble';
      alarms.push({ id: `hold ${holdWarning} ${id}`, kind: 'hold', tone, since: heldSince, from, agent });
    }
    if (state === 'recovering') {
      alarms.push({ id: `recovering ${id}`, kind: 'recovering', tone: 'trouble', since, from, agent });
    }
  }
  const { unheard: count, oldest } = view.voicemails;
  if (oldest !== null && now - oldest >= UNHEARD_MS) {
    alarms.push({ id: `voicemail ${oldest}`, kind: 'voicemail', tone: 'trouble', since: oldest, count });
  }
  return alarms.sort(
    (a, b) =>
      Number(b.tone === 'end') - Number(a.tone === 'end') ||
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      (a.since ?? 0) - (b.since ?? 0),
  );
}

/** The alarms that were not there before. */
export function newAlarms(before: readonly Alarm[], now: readonly Alarm[]): Alarm[] {
  const known = new Set(before.map(({ id }) => id));
  return now.filter(({ id }) => !known.has(id));
}
