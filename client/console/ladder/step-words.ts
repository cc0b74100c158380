import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { span } from '../../../ui/time-words.ts';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import type { Deed, LegDeed } from './deed.ts';
import type { Flag } from './flags.ts';
import type { Hearing } from './hearing.ts';

export type NameOf = (party: string | null) => string;

/** What happened, as a sentence without its full stop. */
export function deedWords(deed: Deed, strings: ConsoleStrings, nameOf: NameOf): string {
  const words = wordsOf(deed, strings, nameOf);
  return words.charAt(0).toLocaleUpperCase(strings.language) + words.slice(1);
}

function wordsOf(deed: Deed, strings: ConsoleStrings, nameOf: NameOf): string {
  const words = strings.deed;
  switch (deed.name) {
    case 'asks':
      return deed.isFallback ? words.asksFallback : words.asks;
    case 'instructs':
      return words.instructs(nccoWords(deed.ncco, strings, nameOf));
    case 'leg':
      return legWords(deed, strings, nameOf);
    case 'machine':
      return deed.isHuman ? words.human : words.machine;
    case 'websocket-gone':
      return words.websocketGone;
    case 'payment':
      return deed.isDone ? words.paid : words.notPaid;
    case 'asks-wrongly':
      return words.asksWrongly;
    case 'error':
      return deed.reason === null ? words.errorWithout : words.error(deed.reason);
    case 'input':
      if (deed.digits !== null) {
        return words.digits(deed.digits);
      }
      return deed.speech === null ? words.noInput : words.speech(deed.speech);
    case 'recording':
    case 'transcription':
    case 'transfer':
    case 'notify':
    case 'unknown':
      return words[deed.name];
  }
}

function legWords(deed: LegDeed, strings: ConsoleStrings, nameOf: NameOf): string {
  const words: Record<string, ((who: string) => string) | undefined> = strings.deed[deed.party];
  const isHungUp = deed.status === 'completed' && deed.isByParty;
  const say = Object.hasOwn(words, deed.status) ? words[isHungUp ? 'hungUp' : deed.status] : undefined;
  const who = whoOf(deed, strings, nameOf);
  return say ? say(who) : strings.deed.legIs(who, deed.status);
}

function whoOf({ party, who }: LegDeed, { ladder }: ConsoleStrings, nameOf: NameOf): string {
  return who === null ? (party === 'agent' ? ladder.theAgent : ladder.theCaller) : nameOf(who);
}

/** What an NCCO does, action after action. */
export function nccoWords(ncco: Ncco, strings: ConsoleStrings, nameOf: NameOf): string {
  const { nothingToDo, joined } = strings.deed;
  const actions = ncco.map((action) => actionWords(action, strings, nameOf));
  return actions.length === 0 ? nothingToDo : actions.join(joined);
}

function actionWords(action: Ncco[number], { deed }: ConsoleStrings, nameOf: NameOf): string {
  const words = deed.actions;
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
export function hearingWords(hearing: Hearing | null, { hearing: words, ladder }: ConsoleStrings): string {
  switch (hearing?.name) {
    case undefined:
      return words.unknown;
    case 'ringing':
      return hearing.who === null ? words.ringing : words.ringingAt(hearing.who);
    case 'message':
      return words.message(hearing.text);
    case 'playing':
      return words.playing[hearing.action];
    case 'talking':
      return words.talking(hearing.who ?? ladder.theAgent);
    case 'nothing':
    case 'over':
      return words[hearing.name];
  }
}
