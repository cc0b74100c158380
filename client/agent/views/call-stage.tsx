import {
  AppWindow,
  AudioLines,
  CirclePause,
  CloudOff,
  ExternalLink,
  type IconNode,
  KeyRound,
  LoaderCircle,
  MicOff,
  NotebookPen,
  Phone,
  PhoneIncoming,
  RefreshCw,
} from 'lucide';
import { clock } from '../../../ui/clock.ts';
import { Icon } from '../../../ui/icon.tsx';
import { type Call, currentCall, type EndedCall, isDialled, isLive, type Phase } from '../call-state.ts';
import type { DeskReadiness } from '../desk.ts';
import { isProblem } from '../microphone.ts';
import {
  microphoneErrorIn,
  microphoneNoteIn,
  type Readiness,
  ringingWords,
  type Status,
  statusOf,
} from '../status-words.ts';
import { CallTimer } from './call-timer.tsx';
import { usePage, useReadiness } from './context.ts';
import { later } from './later.tsx';
import { OfferDetails } from './offer-details.tsx';
import { useIsInView } from './use-is-in-view.ts';

const CallerHears = later(({ CallerHears }) => CallerHears, { isQuiet: true });
const ContactName = later(({ ContactName }) => ContactName, { isQuiet: true });

/** What is going on: the call if there is one, else the line. */
export function CallStage() {
  const { agent, otherTab, strings } = usePage();
  const phase = agent.calls.phase.value;
  const readiness = useReadiness();
  const mirror = readiness.line.name === 'following' ? otherTab.mirror.value : null;
  const status = mirror ?? statusOf(strings.value, phase, readiness, agent.nameOf);
  const { ref, isInView } = useIsInView<HTMLDivElement>();

  return (
    <section class={`stage stage--${status.tone} stage--${phase.name}`}>
      {phase.name !== 'in-call' && (
        <p class="stage__emblem">
          <Icon icon={emblem(phase, readiness)} class={emblemMotion(phase, readiness)} />
        </p>
      )}
      <StatusWords status={status} divRef={ref} />
      <Announcement />
      <MicrophoneErrorNote />
      <Details phase={phase} />
      {!isInView && currentCall(phase) !== null && <Brief words={status.words} phase={phase} />}
    </section>
  );
}

/** The call in one line, at the top of the window while its status is scrolled off. */
function Brief({ words, phase }: { words: string; phase: Phase }) {
  return (
    <div class="brief" aria-hidden="true">
      <span class="brief__words">{words}</span>
      {phase.name === 'in-call' && !isDialled(phase.call) && <CallTimer since={phase.since} />}
    </div>
  );
}

interface StatusWordsProps {
  status: Status;
  divRef: { current: HTMLDivElement | null };
}

/** The words are one sentence of text; the caller in it is kept on one line, and set larger while it rings. */
function StatusWords({ status, divRef }: StatusWordsProps) {
  const { agent, strings } = usePage();
  const call = currentCall(agent.calls.phase.value);
  const caller = call
    ? agent.nameOf(call.from) || strings.value.call.unknownCaller
    : (NUMBER.exec(status.words)?.[0] ?? '');
  const [before, after] = caller ? status.words.split(caller) : [];

  return (
    <div
      role="status"
      aria-label={strings.value.call.status}
      class="stage__status"
      tabIndex={-1}
      ref={divRef}
    >
      {before === undefined || after === undefined ? (
        status.words
      ) : (
        <>
          {before}
          <bdi class="stage__caller">{caller}</bdi>
          {after}
        </>
      )}
    </div>
  );
}

/** Said once, at once, whatever a screen reader is doing. */
function Announcement() {
  const { agent, strings } = usePage();
  const { phase, waiting } = agent.calls.state.value;
  const { call: words, waiting: waitingWords } = strings.value;
  const caller = (call: Call) => agent.nameOf(call.from) || words.unknownCaller;
  const newest = waiting.at(-1);
  const sentence = () => {
    if (phase.name === 'ringing') {
      return ringingWords(strings.value, agent.desk.readiness.value, caller(phase.call));
    }
    const warning = agent.desk.view.value?.call?.holdWarning;
    if (warning && phase.name === 'in-call') {
      return warning === 'alert' ? words.holdAlert : words.holdAlarm;
    }
    return newest && isLive(phase) ? waitingWords.words(caller(newest)) : '';
  };
  return (
    <div role="alert" class="visually-hidden">
      {microphoneErrorIn(words, phase) ?? microphoneNoteIn(words, phase) ?? sentence()}
    </div>
  );
}

/** Why a click on Answer came to nothing. */
function MicrophoneErrorNote() {
  const { agent, strings } = usePage();
  const sentence = microphoneErrorIn(strings.value.call, agent.calls.phase.value);
  return sentence === null ? null : (
    <p class="stage__problem">
      <Icon icon={MicOff} />
      {sentence}
    </p>
  );
}

function Details({ phase }: { phase: Phase }) {
  switch (phase.name) {
    case 'idle':
      return <LineDetails />;
    case 'ringing':
      return (
        <>
          <Who />
          <RingingDetails callId={phase.call.id} />
        </>
      );
    case 'in-call':
      return (
        <>
          <HiddenCaller call={phase.call} hasAudio={phase.mediaLostAt === null} />
          <Who />
          <div class="stage__talk">
            {!isDialled(phase.call) && <CallTimer since={phase.since} />}
            <MutedWarning muted={phase.muted} />
          </div>
          <CallFacts />
        </>
      );
    case 'ended':
      return <EndDetails ended={phase.ended} />;
    default:
      return null;
  }
}

/** There at all times in a call, so that nothing moves. */
function CallFacts() {
  return (
    <p class="stage__hears">
      <CallerHears />
    </p>
  );
}

/** Whose number it is. In a call it keeps its room, so that nothing moves. */
function Who() {
  return (
    <p class="stage__who">
      <ContactName />
    </p>
  );
}

/** Who is in the call, where the status speaks of something else. */
function HiddenCaller({ call, hasAudio }: { call: Call; hasAudio: boolean }) {
  const { agent, strings } = usePage();
  const isOnHold = agent.desk.readiness.value?.isOnHold ?? false;
  return hasAudio && !isOnHold ? null : (
    <p>
      <bdi class="stage__caller">{agent.nameOf(call.from) || strings.value.recent.unknownCaller}</bdi>
    </p>
  );
}

function LineDetails() {
  const { agent, strings } = usePage();
  const session = agent.line.session.value;
  const { line, calledInstead, desk } = useReadiness();
  if (line.name !== 'open' || calledInstead !== null || !session) {
    return null;
  }
  if (desk?.presence === 'elsewhere') {
    return <p class="stage__detail">{strings.value.desk.elsewhereAdvice}</p>;
  }
  const wrappedUp = agent.desk.view.value?.wrapUp;
  if (wrappedUp) {
    return (
      <p class="stage__detail">{agent.nameOf(wrappedUp.from ?? '') || strings.value.recent.unknownCaller}</p>
    );
  }
  if (desk !== null && (desk.presence !== 'leads' || desk.me?.choice !== 'available')) {
    return null;
  }
  const words = strings.value.call;
  return (
    <>
      {session.number && (
        <p class="stage__detail">{words.reachedAt(unbroken(agent.nameOf(session.number)))}</p>
      )}
      {session.phoneUrl && (
        <p class="stage__detail">
          <a href={session.phoneUrl} target="_blank" rel="noreferrer">
            {words.openPhone}
            <Icon icon={ExternalLink} />
          </a>
        </p>
      )}
    </>
  );
}

function RingingDetails({ callId }: { callId: string }) {
  const { agent } = usePage();
  const offer = agent.offers.of(callId);
  return offer ? <OfferDetails offer={offer} /> : <Dialled />;
}

function Dialled() {
  const { agent, strings } = usePage();
  const number = agent.line.session.value?.number;
  return number ? (
    <p class="stage__detail">{strings.value.call.dialled(unbroken(agent.nameOf(number)))}</p>
  ) : null;
}

function MutedWarning({ muted }: { muted: boolean }) {
  const { strings } = usePage();
  return muted ? (
    <p class="stage__warning">
      <Icon icon={MicOff} />
      {strings.value.call.muted}
    </p>
  ) : null;
}

function EndDetails({ ended }: { ended: EndedCall }) {
  const { agent, strings } = usePage();
  const words = strings.value.call;
  return (
    <>
      <p class="stage__detail">{agent.nameOf(ended.call.from) || strings.value.recent.unknownCaller}</p>
      {ended.talked !== null && <p class="stage__detail">{words.lasted(clock(ended.talked))}</p>}
    </>
  );
}

function emblem(phase: Phase, { line, microphone, desk }: Readiness): IconNode {
  switch (phase.name) {
    case 'ringing':
      return PhoneIncoming;
    case 'joining':
      return LoaderCircle;
    case 'in-call':
      return phase.mediaLostAt === null ? AudioLines : RefreshCw;
    case 'rejoinable':
    case 'returning':
      return RefreshCw;
    case 'ended':
      return Phone;
    case 'idle':
      break;
  }
  switch (line.name) {
    case 'open':
      if (isProblem(microphone) || (desk !== null && desk.microphone !== 'ready')) {
        return MicOff;
      }
      return deskEmblem(desk) ?? Phone;
    case 'signed-out':
    case 'signing-in':
      return KeyRound;
    case 'following':
      return AppWindow;
    case 'refused':
    case 'offline':
      return CloudOff;
    default:
      return LoaderCircle;
  }
}

function deskEmblem(desk: DeskReadiness | null): IconNode | null {
  switch (desk?.presence) {
    case undefined:
      return null;
    case 'elsewhere':
      return AppWindow;
    case 'leads':
      break;
    default:
      return LoaderCircle;
  }
  if (desk?.me?.load === 'wrap-up') {
    return NotebookPen;
  }
  return desk?.me?.choice === 'available' ? null : CirclePause;
}

function emblemMotion(phase: Phase, readiness: Readiness): string {
  switch (phase.name) {
    case 'ringing':
      return 'stage__icon--calling';
    case 'ended':
      return 'icon--hung-up';
    case 'joining':
    case 'returning':
      return 'icon--turning';
    case 'idle':
      return emblem(phase, readiness) === LoaderCircle ? 'icon--turning' : '';
    default:
      return '';
  }
}

/** A number in the words of another tab. */
const NUMBER = /\+\d[\d ]+\d/;

/** A number that stays on one line. */
function unbroken(number: string): string {
  return number.replaceAll(' ', '\u00a0');
}
