import {
  ArrowLeftRight,
  Circle,
  Ear,
  Merge,
  MessageSquareQuote,
  PhoneForwarded,
  UserX,
  Volume2,
} from 'lucide';
import { useState } from 'preact/hooks';
import type { AgentDesk, ConsultView } from '../../../domain/api/desk-api.ts';
import type { Control, Party } from '../../../domain/desk/controls.ts';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { visibleMarks } from '../../../ui/visible-marks.ts';
import { AudioPanel } from './audio-panel.tsx';
import { Failure } from './failure.tsx';
import { ConnectionQuality, QualityAdvice } from './quality-view.tsx';
import { RingBack } from './ring-back.tsx';
import { useLoaded, useWorkspace } from './use-workspace.ts';

type OwnCall = NonNullable<AgentDesk['call']>;

/** What the caller hears now, since when she is on hold, and the connection: one line, in no live region. */
export function CallerHears() {
  const { agent, words } = useWorkspace();
  const call = agent.desk.view.value?.call;
  const heldSince = call?.heldSince ?? null;
  return (
    <>
      {call && call.state !== 'dialing' && call.state !== 'ringing' && (
        <span>
          {words.hears[call.callerHears]}
          {heldSince !== null && (
            <>
              {' '}
              <HeldFor since={heldSince} />
            </>
          )}
        </span>
      )}
      <ConnectionQuality />
    </>
  );
}

function HeldFor({ since }: { since: number }) {
  const { words } = useWorkspace();
  const now = useNow(since);
  return <span class="held-for">{words.heldFor(clock(Math.max(0, now - since)))}</span>;
}

/** What goes on beside the conversation: a second person, what failed, and tools that are needed now and then. */
export function CallExtras() {
  const { agent } = useWorkspace();
  const call = agent.desk.view.value?.call;
  return (
    <>
      <RingBack />
      <Failure />
      <QualityAdvice />
      {call && <Supervisors call={call} />}
      {call?.consult && <Consult call={call} consult={call.consult} />}
      <CallTools call={call ?? null} />
    </>
  );
}

/** Supervisors who are in the call, and do not hide it. */
function Supervisors({ call }: { call: OwnCall }) {
  const { words } = useWorkspace();
  return (
    <div aria-live="polite">
      {call.members.map(({ as, name, state, supervision }) =>
        as === 'supervisor' &&
        // Until she answers, she hears nothing.
        state === 'talking' &&
        supervision &&
        name !== null &&
        call.role !== 'supervise' ? (
          <p key={name} class="supervised">
            <Icon icon={Ear} />
            {words.supervised[supervision.mode](name)}
          </p>
        ) : null,
      )}
    </div>
  );
}

/** The colleague in a consultation, on either side. */
function Consult({ call, consult }: { call: OwnCall; consult: ConsultView }) {
  const { agent, words } = useWorkspace();
  const text = words.consult;
  const name = partyName(consult.with, agent.nameOf);
  const isHers = call.role === 'agent';
  const isThere = consult.state === 'talking' || consult.state === 'held';
  const isConference = consult.state === 'talking' && call.heldSince === null;
  const isBusy = agent.desk.asked.value?.state === 'pending';
  const own = isConference ? text.conference(name) : text.states[consult.state](name);

  const buttons: [Extract<Control['action'], 'swap' | 'merge' | 'complete' | 'cancel'>, boolean][] = [
    ['complete', isThere],
    ['merge', isThere && !isConference],
    ['swap', isThere && !isConference],
    ['cancel', true],
  ];
  const icons = { swap: ArrowLeftRight, merge: Merge, complete: PhoneForwarded, cancel: UserX };
  return (
    <section class="consult" aria-label={text.title}>
      <p class="consult__words" aria-live="polite">
        {isHers ? own : text.joinedBy(consult.by)}
      </p>
      {isHers && (
        <div class="consult__actions">
          {buttons
            .filter(([, isPossible]) => isPossible)
            .map(([action]) => (
              <button
                key={action}
                type="button"
                class={action === 'complete' ? 'button button--small button--accent' : 'button button--small'}
                aria-disabled={isBusy}
                onClick={() => void agent.desk.control({ action })}
              >
                <Icon icon={icons[action]} />
                {action === 'cancel' ? text.cancel(name) : text[action]}
              </button>
            ))}
        </div>
      )}
    </section>
  );
}

/** Phrases, recording, audio and the connection. */
function CallTools({ call }: { call: OwnCall | null }) {
  const { agent, api, words } = useWorkspace();
  const [isAudioOpen, setAudioOpen] = useState(false);
  const isAtDesk = agent.desk.isOn.value;
  const options = useLoaded(isAtDesk ? 'options' : null, api.options);
  const isHers = call?.role === 'agent';
  const phrases = isHers ? (options.value?.phrases ?? []) : [];
  const mayRecord = options.value?.queues.some(({ name, mayRecord: may }) => name === call?.queue && may);
  const isRecording = call?.recording != null;
  return (
    <div class="tools">
      {phrases.length > 0 && (
        <label class="tools__phrase">
          <Icon icon={MessageSquareQuote} />
          <select
            class="choice__select"
            aria-label={words.tools.phrase}
            value=""
            onChange={({ currentTarget }) => {
              const phrase = currentTarget.value;
              currentTarget.value = '';
              void agent.desk.control({ action: 'say', phrase });
            }}
          >
            <option value="">{words.tools.phrase}</option>
            {phrases.map(({ name, text }) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
      )}
      {isHers && (mayRecord || isRecording) && (
        <button
          type="button"
          class="button button--small tools__record"
          aria-pressed={isRecording}
          onClick={() => void agent.desk.control({ action: 'record', on: !isRecording })}
        >
          <Icon icon={Circle} />
          {words.tools.record}
        </button>
      )}
      {call?.recording === 'announced' && <span class="tools__note">{words.tools.announced}</span>}
      <button type="button" class="button button--small" onClick={() => setAudioOpen(true)}>
        <Icon icon={Volume2} />
        {words.tools.audio}
      </button>
      {isAudioOpen && <AudioPanel onClose={() => setAudioOpen(false)} />}
    </div>
  );
}

function partyName(party: Party, nameOf: (number: string) => string): string {
  if ('agent' in party) {
    return party.agent;
  }
  return 'queue' in party ? party.queue : nameOf(party.number.replace(/^\+/, ''));
}

/** Whom the number belongs to: the name as large as a number without one, and the company beside it. */
export function ContactName() {
  const { panes } = useWorkspace();
  const contact = panes.contact.value;
  const [name, ...more] = [contact?.name, contact?.company]
    .filter((text) => text != null && text !== '')
    .map((text) => visibleMarks(text ?? ''));
  return name === undefined ? null : (
    <>
      <bdi class="stage__name">{name}</bdi>
      {more.map((company) => (
        <span key={company} class="stage__company">
          {' '}
          {company}
        </span>
      ))}
    </>
  );
}
