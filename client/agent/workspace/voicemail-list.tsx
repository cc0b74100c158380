import { Pause, Play, Trash2, Voicemail } from 'lucide';
import { useRef, useState } from 'preact/hooks';
import type { VoicemailView } from '../../../domain/api/desk-api.ts';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { visibleMarks } from '../../../ui/visible-marks.ts';
import { CallBack } from './call-back.tsx';
import { ListState } from './list-state.tsx';
import { Sure } from './sure.tsx';
import { whenWords } from './times.ts';
import { problemWords, type useLoaded, useWorkspace } from './use-workspace.ts';

type Voicemails = ReturnType<typeof useLoaded<readonly VoicemailView[]>>;

const SPEEDS = [1, 1.25, 1.5, 2];

/** The messages of the agent's queues, newest first. */
export function VoicemailList({ voicemails }: { voicemails: Voicemails }) {
  const { words } = useWorkspace();
  return (
    <div>
      {voicemails.value?.length === 0 && <p class="pane__state">{words.voicemail.empty}</p>}
      <ol class="history">
        {voicemails.value?.map((voicemail) => (
          <Message key={voicemail.id} voicemail={voicemail} voicemails={voicemails} />
        ))}
      </ol>
      <ListState list={voicemails} />
    </div>
  );
}

function Message({ voicemail, voicemails }: { voicemail: VoicemailView; voicemails: Voicemails }) {
  const { agent, api, locale, words } = useWorkspace();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { id, from, queue, receivedAt, seconds, audio, isMissing, transcript, heardBy } = voicemail;
  const text = words.voicemail;
  const caller = (from && agent.nameOf(from)) || words.lists.unknownCaller;
  const isNew = heardBy === null;

  function heard(): void {
    const me = agent.line.agent.peek();
    if (isNew && me !== null) {
      voicemails.set((voicemails.value ?? []).map((one) => (one.id === id ? { ...one, heardBy: me } : one)));
      // The list is loaded again now and then, and says who heard it.
      api.markHeard(id).catch(() => {});
    }
  }

  async function remove(): Promise<void> {
    setAsking(false);
    try {
      await api.deleteVoicemail(id);
      voicemails.set((voicemails.value ?? []).filter((one) => one.id !== id));
    } catch (error) {
      setProblem(problemWords(words, error));
    }
  }

  return (
    <li class={`history__item history__item--${isNew ? 'new' : 'other'}`}>
      <Icon icon={Voicemail} class="history__icon" />
      <div class="history__main">
        <bdi class="history__caller">{caller}</bdi>
        <p class="history__outcome">
          <span class="history__word">{heardBy === null ? text.unheard : text.heardBy(heardBy)}</span>
          {queue && <span>{queue}</span>}
        </p>
      </div>
      <div class="history__side">
        <time dateTime={new Date(receivedAt).toISOString()}>
          {whenWords(receivedAt, Date.now(), locale.value, words.lists)}
        </time>
        {seconds !== null && <span class="history__talked">{clock(seconds * 1_000)}</span>}
      </div>
      {from && <CallBack number={from} name={words.lists.callBack(caller)} />}
      <button
        type="button"
        class="icon-button"
        aria-label={`${text.remove}: ${caller}`}
        title={text.remove}
        onClick={() => setAsking(true)}
      >
        <Icon icon={Trash2} />
      </button>
      <div class="history__below">
        {audio === null ? (
          <p class="caller__none">{isMissing ? text.missing : text.pending}</p>
        ) : (
          <Player source={audio} seconds={seconds ?? 0} caller={caller} onPlay={heard} />
        )}
        {transcript && <p class="transcript">{visibleMarks(transcript)}</p>}
        <p aria-live="polite" class="form-problem">
          {problem}
        </p>
      </div>
      {isAsking && (
        <Sure
          question={text.sure}
          yes={text.remove}
          no={text.keep}
          onYes={() => void remove()}
          onNo={() => setAsking(false)}
        />
      )}
    </li>
  );
}

interface PlayerProps {
  source: string;
  seconds: number;
  caller: string;
  onPlay: () => void;
}

/** Plays a message, from any place and at any speed. */
function Player({ source, seconds, caller, onPlay }: PlayerProps) {
  const { words } = useWorkspace();
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds);
  const [speed, setSpeed] = useState(1);
  const text = words.voicemail;

  function toggle(): void {
    const element = audio.current;
    if (!element) {
      return;
    }
    if (isPlaying) {
      element.pause();
      return;
    }
    for (const other of document.querySelectorAll('audio')) {
      if (other !== element && other.closest('.lists')) {
        other.pause();
      }
    }
    onPlay();
    element.play().catch(() => setFailed(true));
  }

  return (
    <div class="player">
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript stands below, where there is one */}
      <audio
        ref={audio}
        src={source}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setFailed(true)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onDurationChange={({ currentTarget }) =>
          setLength(Number.isFinite(currentTarget.duration) ? currentTarget.duration : seconds)
        }
      />
      <button
        type="button"
        class="icon-button icon-button--round"
        aria-label={`${isPlaying ? text.pause : text.play}: ${caller}`}
        onClick={toggle}
      >
        <Icon icon={isPlaying ? Pause : Play} />
      </button>
      <input
        type="range"
        class="player__position"
        aria-label={text.position}
        aria-valuetext={`${clock(at * 1_000)} / ${clock(length * 1_000)}`}
        min="0"
        max={length || 1}
        step="0.1"
        value={at}
        onInput={({ currentTarget }) => {
          setAt(currentTarget.valueAsNumber);
          if (audio.current) {
            audio.current.currentTime = currentTarget.valueAsNumber;
          }
        }}
      />
      <span class="player__time">{clock(at * 1_000)}</span>
      <select
        class="choice__select"
        aria-label={text.speed}
        value={String(speed)}
        onChange={({ currentTarget }) => {
          const chosen = Number(currentTarget.value);
          setSpeed(chosen);
          if (audio.current) {
            audio.current.playbackRate = chosen;
          }
        }}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={String(one)}>
            {one}×
          </option>
        ))}
      </select>
      {hasFailed && (
        <p aria-live="polite" class="form-problem">
          {text.failed}
        </p>
      )}
    </div>
  );
}
