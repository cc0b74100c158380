import type { Party } from '../../../domain/desk/controls.ts';
import type { Hears, Why } from '../../../domain/desk/desk.ts';
import type { RingChain } from '../../../domain/desk/ring-chain.ts';
import { type WhyRung, whyRung } from '../../../domain/desk/why.ts';
import { wholeSeconds } from '../../../ui/time-words.ts';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import type { ControlKind, DeskStep } from './desk-steps.ts';

/** What the desk did, as a sentence without its full stop. */
export function deskWords(step: DeskStep, strings: ConsoleStrings): string {
  const words = strings.desk;
  switch (step.kind) {
    case 'entered':
      if (step.stage === 'menu') return words.menu;
      return step.keeps > 0
        ? words.entersAgain(step.queue, wholeSeconds(step.keeps))
        : words.enters(step.queue);
    case 'queue chosen':
      return step.moved ? words.moves(step.queue) : words.chooses(step.queue);
    case 'heard':
      return heardWords(step, strings);
    case 'offered':
      return words.offers(step.agent);
    case 'dialed':
      return words.dials(step.agent);
    case 'rang':
      return words.rings(step.agent);
    case 'accepted':
      return words.answers(step.agent);
    case 'connected':
      return words.connects(step.agent);
    case 'offer ended': {
      const said =
        step.as === 'rescinded' && step.by !== null
          ? words.rescinded[step.by](step.agent)
          : words.offerEnded[step.as](step.agent);
      return step.first ? said : words.corrected(said);
    }
    case 'agent lost':
      return words.lost(step.agent, wholeSeconds(step.keptUntil - step.at));
    case 'waits again':
      return words.waitsAgain(step.agent ?? strings.ladder.theAgent);
    case 'wrap-up': {
      const time = wholeSeconds(step.until - step.at);
      return step.extended ? words.extendsWrapUp(step.agent, time) : words.wrapsUp(step.agent, time);
    }
    case 'free again':
      return words.freeAgain(step.agent);
    case 'left':
      return leftWords(step, strings);
    case 'ended':
      return words.ended;
    case 'callback booked':
      return words.callbackBooked(step.queue);
    case 'callback canceled':
      return words.callbackCanceled(step.by);
    case 'callback put off':
      return words.callbackPutOff(wholeSeconds(step.notBefore - step.at));
    case 'agent dialed':
      return words.agentDials(step.agent, step.caller.from ?? '');
    case 'dial failed':
      return words.control.failed(step.agent, step.words);
    case 'customer called':
      return words.customerCalled;
    case 'customer not reached':
      return words.customerNotReached(wholeSeconds(step.notBefore - step.at));
    default:
      return controlWords(step, strings);
  }
}

/** What agents and supervisors do in a call. */
function controlWords(step: ControlStep, { desk: { control: words } }: ConsoleStrings): string {
  switch (step.kind) {
    case 'held':
      return words.holds(step.agent);
    case 'resumed':
      return words.resumes(step.agent);
    case 'hold warned':
      return words.warned[step.warning];
    case 'transferred':
      return words.transfers(step.agent, partyWords(step.to));
    case 'transfer failed':
      return words.comesBack(partyWords(step.to), step.by);
    case 'moved ahead':
      return words.toFront;
    case 'guest called':
      return words.calls(step.by, partyWords(step.to));
    case 'guest joined':
      return words.guestAnswers;
    case 'guest left':
      return words.guestLeaves;
    case 'swapped':
      return step.held === 'caller' ? words.backToGuest(step.by) : words.backToCaller(step.by);
    case 'merged':
      return words.allTalk;
    case 'taken over':
      return step.agent === undefined ? words.numberHasIt : words.hasIt(step.agent);
    case 'joined':
      return words.joins(step.agent);
    case 'supervision':
      return words.supervises[step.supervision.mode](step.agent);
    case 'said':
      return words.says(step.by, step.phrase);
    case 'recording':
      return words.recording[step.state];
    case 'control failed':
      return words.failed(step.by, step.words.replace(/\.$/, ''));
    case 'noted':
      return words.notes(step.agent);
  }
}

type ControlStep = Extract<DeskStep, { kind: ControlKind }>;

function partyWords(to: Party): string {
  if ('agent' in to) return to.agent;
  return 'queue' in to ? to.queue : to.number;
}

function heardWords(step: Extract<DeskStep, { kind: 'heard' }>, { desk }: ConsoleStrings): string {
  const { position, minutes } = step;
  const told = [
    ...(position === null ? [] : [desk.position(position)]),
    ...(minutes === null ? [] : [minutesWords(minutes, desk)]),
  ];
  const sound = desk.sounds[step.hears];
  return told.length > 0 ? desk.told(told.join(', '), sound) : desk.hears(sound);
}

/** The longest wait that callers are told; anything beyond is "more than". */
const LONGEST_TOLD_MINUTES = 15;

function minutesWords(minutes: number, desk: ConsoleStrings['desk']): string {
  return minutes > LONGEST_TOLD_MINUTES ? desk.longWait(LONGEST_TOLD_MINUTES) : desk.wait(minutes);
}

function leftWords(step: Extract<DeskStep, { kind: 'left' }>, { desk, ladder }: ConsoleStrings): string {
  const who = step.by === 'caller' && step.isCalled ? 'customer' : step.by;
  const by = desk.by[who](step.agent ?? ladder.theAgent);
  const after =
    step.hears === 'nothing' || step.by !== 'desk' ? '' : `; ${desk.thenHears(desk.sounds[step.hears])}`;
  return `${desk.exits[step.exit]} · ${by}${after}`;
}

/** What the caller hears, as a sentence. */
export function hearsWords(hears: Hears, { desk }: ConsoleStrings): string {
  return desk.hears(desk.sounds[hears]);
}

/** Why an agent was rung, on one line: `idle longest: 8 s; Carol is not connected`. */
export function whyWords(
  { why, agent, isKept }: Extract<DeskStep, { kind: 'offered' }>,
  { desk: { why: words } }: ConsoleStrings,
): string {
  const own = isKept ? words.kept(agent) : rungWords(whyRung(why), agent, words);
  const others = why.passedOver.map((other) => words.passedOver[other.because](other.agent));
  return [own, ...others].join('; ');
}

function rungWords(why: WhyRung, agent: string, words: ConsoleStrings['desk']['why']): string {
  switch (why.is) {
    case 'only one free':
      return words.only(agent);
    case 'idle longest':
      return words.longestIdle(idle(why.seconds));
  }
}

/** Everyone who was considered for an offer, the chosen one first. */
export function consideredWords(
  { candidates, passedOver }: Why,
  { desk: { why } }: ConsoleStrings,
): readonly string[] {
  return [
    ...candidates.map(({ agent, idleSeconds }, index) =>
      index === 0 ? why.chosen(agent, idle(idleSeconds)) : why.alsoFree(agent, idle(idleSeconds)),
    ),
    ...passedOver.map(({ agent, because }) => why.passedOver[because](agent)),
  ];
}

function idle(seconds: number): string {
  return wholeSeconds(seconds * 1_000);
}

/** Why an offer that was not taken did not ring, or that it did; null where nothing is to be said about it. */
export function ringWords(
  { as, broken, reason, sound, tab, presence }: RingChain,
  { desk: { ring } }: ConsoleStrings,
): string | null {
  const page = [
    ...(tab === null ? [] : [ring[tab]]),
    ...(presence === null || presence.line === 'down' ? [ring.lineDown] : []),
  ];
  if (broken === null) return as === 'timeout' && tab !== null ? ring.heard(page.join('; ')) : null;
  const what = broken === 'ring' && sound === 'blocked' ? ring.blocked : ring.broken[broken];
  const refusal = broken === 'request' && reason !== null ? [reason] : [];
  return ring.why([what, ...refusal, ...page].join('; '));
}
