import type { ChosenStatus } from '../../domain/desk/desk.ts';
import type { Strings } from '../strings/en.ts';
import type { Agent } from './agent.ts';
import type { EndedCall, Phase } from './call-state.ts';
import { type DeskReadiness, isAtWork } from './desk.ts';
import { type LineState, LOUD_ATTEMPT } from './line-machine.ts';
import { isProblem, type Microphone, type MicrophoneState } from './microphone.ts';

const tones = { ready: true, trouble: true, end: true, calling: true, neutral: true };

/** Green, amber and red mean ready, trouble and end; `calling` is a call that wants an answer. */
export type Tone = keyof typeof tones;

export const isTone = (value: unknown): value is Tone =>
  typeof value === 'string' && Object.hasOwn(tones, value);

/** How a state looks; the words say the same. */
export interface Status {
  words: string;
  tone: Tone;
}

/** What decides whether calls reach this agent and can be answered. */
export interface Readiness {
  line: LineState;
  /** Who receives calls instead; null where calls reach this agent. */
  calledInstead: string | null;
  microphone: MicrophoneState;
  /** What decides it at a desk; null without one. */
  desk: DeskReadiness | null;
}

export function readinessOf(
  agent: Pick<Agent, 'line' | 'desk'>,
  microphone: Pick<Microphone, 'state'>,
): Readiness {
  return {
    line: agent.line.shown.value,
    calledInstead: agent.line.calledInstead.value,
    microphone: microphone.state.value,
    desk: agent.desk.readiness.value,
  };
}

/** What rings: not everything that the desk offers is a caller who waits. */
export function ringingWords(
  { call: words }: Strings,
  desk: Pick<DeskReadiness, 'offer'> | null,
  caller: string,
): string {
  const { role, kind, by } = desk?.offer ?? { role: 'agent', kind: 'inbound', by: null };
  if (role === 'supervise') {
    return words.ringing.supervise(caller);
  }
  if (by !== null) {
    return role === 'consult' ? words.ringing.consult(by, caller) : words.ringing.transfer(by, caller);
  }
  return kind === 'callback' ? words.ringing.callback(caller) : words.incoming(caller);
}

/** What the page says about itself: the call if there is one, else whether calls can come. */
export function statusOf(
  strings: Strings,
  phase: Phase,
  readiness: Readiness,
  nameOf: (from: string) => string,
): Status {
  const { call: words } = strings;
  const caller = (from: string) => nameOf(from) || words.unknownCaller;
  switch (phase.name) {
    case 'ringing':
      return { words: ringingWords(strings, readiness.desk, caller(phase.call.from)), tone: 'calling' };
    case 'joining':
      return phase.call.progress === undefined
        ? { words: words.connecting, tone: 'trouble' }
        : { words: words.dialling.dialing(caller(phase.call.from)), tone: 'neutral' };
    case 'in-call':
      if (phase.call.progress !== undefined && phase.call.progress !== 'answered') {
        return { words: words.dialling[phase.call.progress](caller(phase.call.from)), tone: 'neutral' };
      }
      if (phase.mediaLostAt === null && readiness.desk?.calling) {
        return { words: words.dialling[readiness.desk.calling](caller(phase.call.from)), tone: 'neutral' };
      }
      if (phase.mediaLostAt === null && readiness.desk?.isOnHold) {
        return { words: words.onHold, tone: 'trouble' };
      }
      if (phase.mediaLostAt === null && readiness.desk?.consultedBy) {
        return { words: words.inCall(readiness.desk.consultedBy), tone: 'ready' };
      }
      return phase.mediaLostAt === null
        ? { words: words.inCall(caller(phase.call.from)), tone: 'ready' }
        : { words: words.reconnectingAudio, tone: 'trouble' };
    case 'rejoinable':
      return { words: words.interrupted(caller(phase.call.from)), tone: 'trouble' };
    case 'returning':
      return { words: words.returning(caller(phase.call.from)), tone: 'trouble' };
    case 'ended':
      return {
        words: words.ended(reasonOf(words, phase.ended)),
        tone: phase.ended.reason === 'connection-lost' ? 'end' : 'neutral',
      };
    case 'idle':
      return readyStatus(strings, readiness);
  }
}

/** Why a call ended. */
export function reasonOf(words: Strings['call'], { call, reason, answeredBy }: EndedCall): string {
  if (reason === 'caller-hung-up' && call.progress !== undefined) {
    return words.customerHungUp;
  }
  return reason === 'answered-elsewhere' && answeredBy ? words.answeredBy(answeredBy) : words.reasons[reason];
}

/** Why the agent's last try to answer came to nothing; null where it did not. */
export function microphoneErrorIn(words: Strings['call'], phase: Phase): string | null {
  switch (phase.name) {
    case 'ringing':
      return phase.microphoneError ? words.notAnswered[phase.microphoneError] : null;
    case 'rejoinable':
      return phase.microphoneError ? words.notRejoined[phase.microphoneError] : null;
    default:
      return null;
  }
}

/** "Open" is said only where a call would arrive and could be answered. */
function readyStatus(strings: Strings, { line, calledInstead, microphone, desk }: Readiness): Status {
  if (line.name !== 'open') {
    return lineStatus(strings, line);
  }
  if (calledInstead !== null) {
    return { words: strings.line.calledInstead(calledInstead), tone: 'neutral' };
  }
  if (isProblem(microphone)) {
    return { words: strings.line.cannotAnswer[microphone], tone: 'end' };
  }
  return (
    (desk && (deskTrouble(strings, desk)?.status ?? chosenStatus(strings, desk))) ?? lineStatus(strings, line)
  );
}

/** Why the desk does not ring this page, although the line is open; null where it may. */
function deskTrouble(
  { desk: words, line: { reconnecting, chip } }: Strings,
  { presence, me, sound, microphone }: DeskReadiness,
): { status: Status; chip: string } | null {
  const trouble = (status: string, inOneWord: string, tone: Tone = 'trouble') => ({
    status: { words: status, tone },
    chip: inOneWord,
  });
  switch (presence) {
    case 'silent':
      return trouble(reconnecting, chip.reconnecting);
    case 'elsewhere':
      return trouble(words.elsewhere, chip.standby, 'neutral');
    case 'unknown':
    case 'passed-over':
      return trouble(words.connecting, chip.connecting);
    case 'leads':
      break;
  }
  if (me === null) {
    return trouble(words.connecting, chip.connecting);
  }
  if (microphone !== 'ready') {
    return trouble(words.untested, chip.notReady);
  }
  return sound === 'none' ? trouble(words.noSound, chip.notReady, 'end') : null;
}

/** What the agent chose, or the time after a call, where the desk does not ring for it. */
function chosenStatus({ desk: words }: Strings, { me }: DeskReadiness): Status | null {
  if (me === null || (me.load === 'free' && me.choice === 'available')) {
    return null;
  }
  if (me.load === 'wrap-up') {
    return { words: words.wrapUp, tone: 'neutral' };
  }
  if (isAtWork(me.load)) {
    return { words: words.inCallElsewhere, tone: 'neutral' };
  }
  return me.choice === 'available' ? null : { words: choiceWords(words, me), tone: 'neutral' };
}

/** A status as the agent reads it: `Away: lunch`. */
export function choiceWords(words: Strings['desk'], { choice, reason }: ChosenStatus): string {
  return choice === 'away' && reason !== null
    ? words.awayBecause(reasonWords(words, reason))
    : words.chosen[choice];
}

function reasonWords({ reasons }: Strings['desk'], reason: string): string {
  return isKnownReason(reasons, reason) ? reasons[reason] : reason;
}

function isKnownReason<T extends object>(reasons: T, reason: string): reason is string & keyof T {
  return Object.hasOwn(reasons, reason);
}

/** What there is to say about the microphone of a call; null while it simply works. */
export function microphoneNoteIn(words: Strings['call'], phase: Phase): string | null {
  return phase.name === 'in-call' && phase.microphone !== 'works' ? words.microphone[phase.microphone] : null;
}

export function lineStatus(strings: Strings, line: LineState): Status {
  const { line: words } = strings;
  switch (line.name) {
    case 'loading':
      return { words: words.connecting, tone: 'trouble' };
    case 'signed-out':
    case 'signing-in':
      return { words: words.signedOut, tone: 'neutral' };
    case 'open':
      return { words: words.open, tone: 'ready' };
    case 'following':
      return { words: words.following, tone: 'neutral' };
    case 'reconnecting':
      return { words: words.reconnecting, tone: 'trouble' };
    case 'connecting':
      if (!line.again) {
        return { words: words.connecting, tone: 'trouble' };
      }
      break;
    case 'offline':
      break;
    case 'refused':
      return { words: words.refused[line.reason], tone: 'end' };
  }
  const reason = loudReason(line);
  return reason
    ? { words: words.offline[reason], tone: 'end' }
    : { words: words.reconnecting, tone: 'trouble' };
}

/** The trouble that is worth a sentence of its own, because it lasts or because it is plain. */
function loudReason(line: Extract<LineState, { name: 'connecting' | 'offline' }>) {
  const lasts = line.attempt >= LOUD_ATTEMPT || line.reason === 'no-network';
  return lasts ? line.reason : null;
}

/** What can be done about the line, for the agent; null while nothing has to be. */
export function lineAdvice(strings: Strings, line: LineState): string | null {
  switch (line.name) {
    case 'refused':
      return strings.line.advice[line.reason];
    case 'connecting':
    case 'offline': {
      const reason = loudReason(line);
      return reason && strings.line.advice[reason];
    }
    default:
      return null;
  }
}

/** The line in one word, for the chip that is there during calls as well; null while nobody is signed in. */
export function lineChip(strings: Strings, readiness: Readiness): Status | null {
  const { line, calledInstead, microphone, desk } = readiness;
  const { chip } = strings.line;
  switch (line.name) {
    case 'open': {
      if (calledInstead !== null) {
        return { words: chip.standby, tone: 'neutral' };
      }
      if (isProblem(microphone)) {
        return { words: chip.notReady, tone: 'end' };
      }
      const trouble = desk && deskTrouble(strings, desk);
      return trouble
        ? { words: trouble.chip, tone: trouble.status.tone }
        : { words: chip.open, tone: 'ready' };
    }
    case 'signed-out':
    case 'signing-in':
      return null;
    case 'following':
      return { words: chip.following, tone: 'neutral' };
    case 'refused':
      return { words: chip.offline, tone: 'end' };
    case 'reconnecting':
      return { words: chip.reconnecting, tone: 'trouble' };
    case 'loading':
      return { words: chip.connecting, tone: 'trouble' };
    case 'connecting':
    case 'offline':
      if (loudReason(line)) {
        return { words: chip.offline, tone: 'end' };
      }
      return {
        words: line.name === 'connecting' && !line.again ? chip.connecting : chip.reconnecting,
        tone: 'trouble',
      };
  }
}
