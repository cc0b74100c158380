import { LONGEST_TALK, type Ncco } from '../ncco/ncco.ts';
import type { DeskCall } from './desk.ts';
import type { QueueRules, Reception } from './rules.ts';

type Action = Ncco[number];

/** Where the desk's webhooks go, and what it says. */
export interface Stagecraft {
  /** This server's address as the platform reaches it, without a trailing slash. */
  base: string;
  /** BCP 47; the platform's default where absent. */
  language: string | undefined;
  texts: DeskTexts;
  /** BCP 47; the language in which messages are written down. Absent: they are not. */
  transcripts?: string | undefined;
}

/** What callers and agents hear. Placeholders are replaced by the desk. */
export interface DeskTexts {
  /** `{position}` */
  position: string;
  next: string;
  /** `{minutes}` */
  wait: string;
  longWait: string;
  pressForCallback: string;
  pressForVoicemail: string;
  stillWaiting: string;
  oneMoment: string;
  leaveMessage: string;
  messageTaken: string;
  apology: string;
  closed: string;
  goodbye: string;
  /** `{digits}`: the last ones of the number. */
  callbackBooked: string;
  /** To an agent whose caller is gone or with someone else. */
  callGone: string;
  /** To an agent whose call is not placed, or whose customer is not reached. */
  notDialled: string;
  dialledBusy: string;
  dialledNoAnswer: string;
  dialledUnreachable: string;
  /** To a caller, or a consulted agent, who is put on hold, and from time to time. */
  hold: string;
  stillOnHold: string;
  /** To a caller who is transferred. */
  transferring: string;
  /** Before a recording. */
  recordingStarts: string;
}

/** Seconds that a text takes to be spoken, a little too many. */
export function spokenSeconds(text: string): number {
  return 1 + text.length / 12;
}

/** What a caller hears in a turn of the waiting loop, and when the next turn must have been asked for. */
export interface Turn {
  ncco: Ncco;
  seconds: number;
}

/** The platform may take a while to fetch what is next, and tries twice. */
const PATIENCE_SECONDS = 15;

/** Seconds after a turn is overdue until the safety tail asks for a message: at least so many. */
export const TAIL_SECONDS = 25;

/** Seconds that each of the last rounds of the safety tail takes, which do without music. */
const WORDS_SECONDS = 12;

/**
 * A greeting, or an announcement, then music, then an ear for keys, then the next turn.
 * @param loop of a turn that nobody noted. `isShort`: without the music.
 */
export function waitingTurn(
  call: Pick<DeskCall, 'id' | 'from'>,
  turn: number,
  said: string,
  queue: QueueRules,
  craft: Stagecraft,
  loop?: { enqueuedAt: number; isShort: boolean },
): Turn {
  const next = [
    `${craft.base}/voice/wait/${encodeURIComponent(call.id)}/${turn + 1}${loop === undefined ? '' : `/${loop.enqueuedAt}`}`,
  ];
  const keys = offeredKeys(call, queue, craft.texts);
  const ear = (): Action => ({
    action: 'input',
    type: ['dtmf'],
    dtmf: { timeOut: 1, maxDigits: 1 },
    eventUrl: next as [string],
    eventMethod: 'POST',
  });
  const music = (): Action => ({
    action: 'stream',
    streamUrl: [queue.music ?? `${craft.base}/voice/music.wav`],
    bargeIn: true,
    level: -0.4,
  });
  const opening = inSentences(said, keys);
  // The server that is away plays the music: without it, the first rounds are over in seconds.
  const { stillWaiting } = craft.texts;
  const words = (): Action => ({
    ...talkOf(stillWaiting, craft),
    loop: Math.ceil(WORDS_SECONDS / (stillWaiting.length / 15)),
  });
  const tail = [
    ...[0, 1].flatMap((): Action[] => [talk(stillWaiting, craft), music(), ear()]),
    ...[2, 3, 4, 5].flatMap((): Action[] => [words(), ear()]),
  ];
  const ncco: Ncco = [
    ...(opening === '' ? [] : [talk(opening, craft)]),
    ...(loop?.isShort ? [] : [music()]),
    ear(),
    ...tail,
    talk(craft.texts.apology, craft),
    ...recording(call.id, craft),
  ];
  return { ncco, seconds: spokenSeconds(opening) + queue.musicSeconds + PATIENCE_SECONDS };
}

/** A menu that is repeated twice, then goes on with the default. */
export function menu(call: string, { greeting, menu: given }: Reception, craft: Stagecraft): Ncco {
  const text = inSentences(greeting, given?.text ?? '');
  return [
    { ...talkOf(text, craft), bargeIn: true },
    {
      action: 'input',
      type: ['dtmf'],
      dtmf: { timeOut: 5, maxDigits: 1 },
      eventUrl: [`${craft.base}/voice/menu/${encodeURIComponent(call)}`],
      eventMethod: 'POST',
    },
  ];
}

/**
 * The caller, the agent and everybody else in the call are sent here. A recording has a conversation of its own, because
 * the platform records each from its beginning to its end.
 * @param canSpeak the legs that hear this one; undefined: all
 */
export function conversation(
  { id, recording: { number, state } }: Pick<DeskCall, 'id' | 'recording'>,
  canSpeak?: readonly string[],
): Ncco {
  return [
    {
      action: 'conversation',
      name: number === 0 ? `call-${id}` : `call-${id}-${number}`,
      ...(state === 'on' && { record: true }),
      ...(canSpeak !== undefined && { canSpeak: [...canSpeak] }),
    },
  ];
}

/** What somebody who was consulted hears while the agent talks to the caller. */
export function guestHold(queue: QueueRules | undefined, craft: Stagecraft): Ncco {
  return [
    talk(craft.texts.hold, craft),
    { action: 'stream', streamUrl: [queue?.music ?? `${craft.base}/voice/music.wav`], level: -0.4, loop: 0 },
  ];
}

export function voicemail(id: string, before: string, craft: Stagecraft): Ncco {
  return [talk(`${before} ${craft.texts.leaveMessage}`.trim(), craft), ...recording(id, craft)];
}

function recording(id: string, craft: Stagecraft): Action[] {
  const report = {
    eventUrl: [`${craft.base}/voice/voicemail/${encodeURIComponent(id)}`] as [string],
    eventMethod: 'POST' as const,
  };
  return [
    {
      action: 'record',
      // Its loudness can be measured, to tell a message from silence.
      format: 'wav',
      beepStart: true,
      endOnSilence: 5,
      endOnKey: '#',
      timeOut: 120,
      ...report,
      ...(craft.transcripts !== undefined && {
        transcription: { language: craft.transcripts, ...report },
      }),
    },
    talk(craft.texts.messageTaken, craft),
  ];
}

/** One sentence, and the call ends. */
export function lastWords(text: string, craft: Stagecraft): Ncco {
  return [talk(text, craft)];
}

/** Position and wait, as far as the queue announces them. */
export function announcement(
  { position, minutes }: { position: number | null; minutes: number | null },
  { texts }: Stagecraft,
): string {
  const parts: string[] = [];
  if (position !== null) {
    parts.push(position === 1 ? texts.next : texts.position.replace('{position}', String(position)));
  }
  if (minutes !== null) {
    parts.push(minutes > 15 ? texts.longWait : texts.wait.replace('{minutes}', String(minutes)));
  }
  return parts.join(' ');
}

function offeredKeys(
  { from }: Pick<DeskCall, 'from'>,
  { callback, voicemail: hasVoicemail }: QueueRules,
  texts: DeskTexts,
): string {
  return [
    callback && from !== null ? texts.pressForCallback : '',
    hasVoicemail ? texts.pressForVoicemail : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** Texts of different authors, said one after the other: without a full stop between them, a voice makes no pause. */
function inSentences(...texts: string[]): string {
  const said = texts.map((text) => text.trim()).filter((text) => text !== '');
  return said
    .map((text, place) => (place === said.length - 1 || /[\p{P}]$/u.test(text) ? text : `${text}.`))
    .join(' ');
}

function talk(text: string, craft: Stagecraft): Action {
  return talkOf(text, craft);
}

function talkOf(text: string, { language }: Stagecraft) {
  return {
    action: 'talk' as const,
    text: text.slice(0, LONGEST_TALK),
    ...(language !== undefined && { language }),
  };
}
