import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { WallStrings } from '../../strings/wall-en.ts';
import type { Alarm } from '../alarms.ts';
import { usePage } from './context.ts';
import { Timer } from './timer.tsx';

interface AlarmsViewProps {
  /** Alarms that are listed at first. */
  most: number;
  /** Whether the others can be shown, too. */
  hasMore?: boolean;
}

/** What somebody should see to, the worst first. */
export function AlarmsView({ most, hasMore = false }: AlarmsViewProps) {
  const { live, strings } = usePage();
  const words = strings.value.alarms;
  const alarms = live.alarms.value;
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? alarms : alarms.slice(0, most);
  return (
    <section class="alarms" aria-label={words.title}>
      <NewAlarms />
      {alarms.length === 0 ? (
        <p class="alarms__none">
          <Icon icon={CircleCheck} />
          {words.none}
        </p>
      ) : (
        <ul class="alarms__list">
          {shown.map((alarm) => (
            <li key={alarm.id} class={`alarm tone-${alarm.tone}`}>
              <Icon icon={alarm.tone === 'end' ? CircleAlert : TriangleAlert} />
              <span class="alarm__severity">{words.severity[alarm.tone]}</span>
              <AlarmText alarm={alarm} />
              {alarm.since !== null && (
                <span class="alarm__since">
                  <Timer since={alarm.since} />
                </span>
              )}
            </li>
          ))}
          {alarms.length > most && (
            <li class="alarms__more">
              {hasMore ? (
                <button
                  type="button"
                  class="button button--text"
                  aria-expanded={isOpen}
                  onClick={() => setOpen(!isOpen)}
                >
                  {isOpen ? words.fewer : words.all(alarms.length)}
                </button>
              ) : (
                words.more(alarms.length - most)
              )}
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function AlarmText({ alarm }: { alarm: Alarm }) {
  const { nameOf, strings } = usePage();
  return <span class="alarm__words">{alarmWords(strings.value, alarm, nameOf)}</span>;
}

/** An alarm in a sentence. */
function alarmWords(
  { alarms: words }: WallStrings,
  alarm: Alarm,
  nameOf: (party: string | null) => string,
): string {
  switch (alarm.kind) {
    case 'long wait':
    case 'wait close to bound':
      return words[alarm.kind](alarm.queue, clock(alarm.bound * 1000));
    case 'unattended':
      return words.unattended(alarm.queue, alarm.waiting);
    case 'hold':
    case 'recovering':
      return words[alarm.kind](alarm.agent ?? words.somebody, nameOf(alarm.from));
    case 'voicemail':
      return words.voicemail(alarm.count);
  }
}

/** Says new alarms to assistive technology, once; their times change too often for that. */
function NewAlarms() {
  const { live, nameOf, strings } = usePage();
  const [fresh, setFresh] = useState<readonly Alarm[]>([]);
  useEffect(() => live.onAlarms(setFresh), [live]);
  return (
    <p class="visually-hidden" role="status">
      {fresh.map((alarm) => alarmWords(strings.value, alarm, nameOf)).join('. ')}
    </p>
  );
}
