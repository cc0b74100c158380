import { Ear, PhoneOff } from 'lucide';
import { useMemo } from 'preact/hooks';
import type { Call } from '../../../domain/calls/call.ts';
import type { LogEntry } from '../../../domain/calls/log-entry.ts';
import { Icon } from '../../../ui/icon.tsx';
import { hearingOf } from '../ladder/hearing.ts';
import { ladderOf } from '../ladder/ladder.ts';
import { hearingWords } from '../ladder/step-words.ts';
import { CallFacts, CallStatus } from './call-facts.tsx';
import { usePage } from './context.ts';
import { LadderView } from './ladder-view.tsx';

/** What is known of a call, what the caller hears, and all that happened. */
export function CallView({ call, entries }: { call: Call; entries: readonly LogEntry[] }) {
  const { strings } = usePage();
  const rungs = useMemo(() => ladderOf(entries), [entries]);
  const hearing = hearingOf(rungs);
  const isOver = hearing === null || hearing.name === 'over';

  return (
    <>
      <CallStatus call={call} />
      <p class={isOver ? 'hearing' : 'hearing hearing--live'} aria-live="polite">
        <Icon icon={isOver ? PhoneOff : Ear} />
        <span>
          {strings.value.hearing.label} <b>{hearingWords(hearing, strings.value)}</b>
        </span>
      </p>
      <CallFacts call={call} />
      <LadderView rungs={rungs} call={call} />
    </>
  );
}
