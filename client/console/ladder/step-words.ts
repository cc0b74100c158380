import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { span } from '../../../ui/time-words.ts';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import type { CallerAudio } from './caller-audio.ts';
import type { Flag } from './flags.ts';
import type { LegStep, StepKind } from './step-kind.ts';

type NameOf = (party: string | null) => string;

/** What happened, as a sentence without its full stop. */
export function stepWords(kind: StepKind, strings: ConsoleStrings, nameOf: NameOf): string {
  const words = wordsOf(kind, strings, nameOf);
  return words.charAt(0).toLocaleUpperCase(strings.language) + words.slice(1);
}

function wordsOf(kind: StepKind, strings: ConsoleStrings, nameOf: NameOf): string {
  const words = strings.steps;
  switch (kind.name) {
    case 'asks':
      return kind.isFallback ? words.asksFallback : words.asks;
    case 'instructs':
      return words.instructs(nccoWords(kind.ncco, strings, nameOf));
    case 'refuses':
      return words.refuses(kind.status);
    case 'leg':
      return legWords(kind, strings, nameOf);
    case 'machine':
      return kind.isHuman ? words.human : words.machine;
    case 'websocket-gone':
      return words.websocketGone;
    case 'payment':
      return kind.isDone ? words.paid : words.notPaid;
    case 'asks-wrongly':
      return words.asksWrongly;
    case 'error':
      return kind.reason === null ? words.errorWithout : words.error(kind.reason);
    case 'input':
      if (kind.digits !== null) {
        return words.digits(kind.digits);
      }
      return kind.speech === null ? words.noInput : words.speech(kind.speech);
    case 'recording':
    case 'transcription':
    case 'transfer':
    case 'notify':
    case 'unknown':
      return words[kind.name];
  }
}

function legWords(kind: LegStep, strings: ConsoleStrings, nameOf: NameOf): string {
  const words: Record<string, ((who: string) => string) | undefined> = strings.steps[kind.party];
  const ended = { party: 'hungUp', vonage: 'endedByVonage' } as const;
  const word = kind.endedBy === null ? kind.status : ended[kind.endedBy];
  const say = Object.hasOwn(words, word) ? words[word] : undefined;
  const who = whoOf(kind, strings, nameOf);
  return say ? say(who) : strings.steps.legIs(who, kind.status);
}

function whoOf({ party, who }: LegStep, { ladder }: ConsoleStrings, nameOf: NameOf): string {
  return who === null ? (party === 'agent' ? ladder.theAgent : ladder.theCaller) : nameOf(who);
}

/** What an NCCO does, action after action. */
function nccoWords(ncco: Ncco, strings: ConsoleStrings, nameOf: NameOf): string {
  const { nothingToDo, joined } = strings.steps;
  const actions = ncco.map((action) => actionWords(action, strings, nameOf));
  return actions.length === 0 ? nothingToDo : actions.join(joined);
}

function actionWords(action: Ncco[number], { steps }: ConsoleStrings, nameOf: NameOf): string {
  const words = steps.actions;
  switch (action.action) {
    case 'talk':
      return words.talk(action.text);
    case 'connect': {
      const who = endpointName(action.endpoint[0], nameOf);
      return action.timeout === undefined ? words.connect(who) : words.connectFor(who, action.timeout);
    }
    case 'conversation':
      return words.conversation(action.name);
    case 'wait':
      return words.wait(action.timeout ?? DEFAULT_WAIT_SECONDS);
    default:
      return words[action.action];
  }
}

/** What Vonage waits where the action does not say how long. */
const DEFAULT_WAIT_SECONDS = 10;

type Endpoint = Extract<Ncco[number], { action: 'connect' }>['endpoint'][0];

function endpointName(endpoint: Endpoint, nameOf: NameOf): string {
  switch (endpoint.type) {
    case 'app':
      return endpoint.user;
    case 'phone':
      return nameOf(endpoint.number);
    case 'vbc':
      return endpoint.extension;
    case 'sip':
    case 'websocket':
      return endpoint.uri;
  }
}

/** What is wrong with a step. */
export function flagWords(flag: Flag, { flag: words }: ConsoleStrings, locale: string): string {
  switch (flag.name) {
    case 'out-of-order':
      return words[flag.name](span(flag.by, locale));
    case 'slow':
      return words.slow(span(flag.took, locale));
    default:
      return words[flag.name];
  }
}

/** What the caller hears, to follow "The caller". */
export function callerAudioWords(
  callerAudio: CallerAudio | null,
  { callerAudio: words, ladder }: ConsoleStrings,
): string {
  switch (callerAudio?.name) {
    case undefined:
      return words.unknown;
    case 'ringing':
      return callerAudio.who === null ? words.ringing : words.ringingAt(callerAudio.who);
    case 'message':
      return words.message(callerAudio.text);
    case 'playing':
      return words.playing[callerAudio.action];
    case 'talking':
      return words.talking(callerAudio.who ?? ladder.theAgent);
    case 'nothing':
    case 'over':
      return words[callerAudio.name];
  }
}
