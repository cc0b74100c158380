import { Ear, PhoneOff } from 'lucide';
import { useMemo } from 'preact/hooks';
import type { CallDetail } from '../../../domain/api/console-api.ts';
import type { Call } from '../../../domain/calls/call.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import { Icon } from '../../../ui/icon.tsx';
import { deskOf } from '../desk/desk-of-call.ts';
import { callerAudioOf } from '../ladder/caller-audio.ts';
import { ladderOf } from '../ladder/ladder.ts';
import { callerAudioWords } from '../ladder/step-words.ts';
import { CallFacts, CallStatus } from './call-facts.tsx';
import { usePage } from './context.ts';
import { DeskView } from './desk-view.tsx';
import { LadderView } from './ladder-view.tsx';
import { useAsOf } from './use-as-of.ts';

interface CallViewProps {
  call: Call;
  entries: readonly LogEntry[];
  desk: readonly DeskEvent[] | null;
  /** What is left out of `desk`. */
  gap: CallDetail['deskGap'] | null;
}

/** What is known of a call, what the caller hears, what the desk did, and all that happened. */
export function CallView({ call: told, entries, desk, gap }: CallViewProps) {
  const { strings } = usePage();
  const call = useAsOf({ ...told, lastHeardAt: Math.max(...entries.map(({ receivedAt }) => receivedAt)) });
  const rungs = useMemo(() => ladderOf(entries, told.legs), [entries, told]);
  const start = Math.min(...entries.map(({ receivedAt }) => receivedAt));
  const callerAudio = call.end === 'unknown' ? ({ name: 'over' } as const) : callerAudioOf(rungs);
  const atDesk = { ...call, ...deskOf(call, desk) };
  const isOver = callerAudio === null || callerAudio.name === 'over';

  return (
    <>
      <CallStatus call={atDesk} isOnlyAsked={entries.every(({ type }) => type !== 'event')} />
      <p class={isOver ? 'caller-audio' : 'caller-audio caller-audio--live'} aria-live="polite">
        <Icon icon={isOver ? PhoneOff : Ear} />
        <span>
          {strings.value.callerAudio.label} <b>{callerAudioWords(callerAudio, strings.value)}</b>
        </span>
      </p>
      <CallFacts call={atDesk} />
      {desk !== null && <DeskView events={desk} gap={gap} start={start} isLive={call.status !== 'ended'} />}
      <LadderView rungs={rungs} call={call} />
    </>
  );
}
