import { z } from 'zod';

import { builtInQueue, builtInRules, type DeskBasis, type DeskSettings } from './built-in.ts';
import { faultsBetween } from './desk-file-checks.ts';
import { intervalIn, readHours, WEEK_KEY } from './desk-file-hours.ts';
import { type DeskFault, digitsOf, shown, valueAt } from './desk-file-value.ts';
import { isCountry } from './outbound.ts';
import type { QueueRules, Reception } from './rules.ts';
import { isLanguageTag, languagesOf, oneLine, type TEXT_NAMES, textsFor } from './texts.ts';

export type DeskFileResult =
  | { ok: true; desk: DeskSettings }
  | { ok: false; faults: readonly [DeskFault, ...DeskFault[]] };

/**
 * Seconds that music of unknown length may play. Too many do little harm; with too few, callers who still hear the
 * music would count as lost, and not be offered to anyone until it ends.
 */
const LONGEST_MUSIC = 600;
const MOST_QUEUES = 100;
const MOST_NUMBERS = 1_000;
/** Longest text that the desk says, and longest greeting or menu: all that is said at once fits into one talk. */
const LONGEST_TEXT = 300;
const LONGEST_GREETING = 700;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;
const NAME_WORDS =
  'must be a name of letters, digits, spaces and . _ -, at most 64 characters, that begins with a letter or digit';
const queueName = z.string(NAME_WORDS).regex(NAME, NAME_WORDS);
const skill = queueName;
const agent = z.string('must be the name of an agent');

const languageWords = 'must be a language tag, like en-GB or es-ES';
const language = z.string(languageWords).refine(isLanguageTag, languageWords);

function whole(least: number, most: number, unit: string) {
  const words = `must be a whole number${unit} from ${least} to ${most}`;
  return z.int(words).min(least, words).max(most, words);
}
const seconds = (least: number, most: number) => whole(least, most, ' of seconds');
const yesOrNo = z.boolean('must be true or false');

/** What a caller hears. A `<` would begin markup. */
function spoken(longest: number, placeholder?: string) {
  const needed = placeholder === undefined ? '' : ` that contains ${placeholder}`;
  const words = `must be plain text without < and >, at most ${longest} characters${needed}`;
  const text = z
    .string(words)
    .max(longest, words)
    .regex(/^[^<>\p{Cs}]*$/u, words);
  return placeholder === undefined ? text : text.refine((each) => each.includes(placeholder), words);
}

/** A group of fields, of which no others are known. */
function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? `is unknown; the fields here are ${known}` : `must be fields: ${known}`,
  });
}

const KEY_WORDS = 'must be a key of the phone: 0 to 9, "*" or "#"';
const reception = fields({
  greeting: spoken(LONGEST_GREETING).optional().describe('What callers hear first. Default: WAIT_MESSAGE.'),
  menu: fields({
    text: spoken(LONGEST_GREETING).describe('What callers can press.'),
    keys: z
      .record(z.string().regex(/^[0-9*#]$/, KEY_WORDS), queueName, 'must be keys and queues, like 1: sales')
      .refine((keys) => Object.keys(keys).length > 0, 'must have at least one key')
      .describe('The queue of each key.'),
  })
    .optional()
    .describe('Lets callers choose a queue by key.'),
  queue: queueName
    .optional()
    .describe('Where callers go, with a menu those who press nothing. Default: the first queue of the file.'),
});

const INTERVAL_WORDS = 'must be closed, an interval like 09:00-17:30, or a list of intervals';
const interval = z.string(INTERVAL_WORDS).refine((text) => intervalIn(text) !== undefined, INTERVAL_WORDS);
const day = z.union([z.literal('closed'), interval, z.array(interval)], INTERVAL_WORDS);
const DATE_WORDS = 'must be a date, like 2026-12-25';
const hours = fields({
  zone: z
    .string('must be an IANA time zone, like Europe/London')
    .refine(isZone, 'must be an IANA time zone, like Europe/London')
    .describe('IANA time zone, like Europe/London.'),
  week: z
    .record(
      z.string().regex(WEEK_KEY, 'must be a weekday or several: mon, or mon-fri'),
      day,
      'must be weekdays and intervals, like mon-fri: 09:00-17:30',
    )
    .describe('Intervals by weekday: mon, or mon-fri. Weekdays that are not named are closed.'),
  exceptions: z
    .record(
      z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, DATE_WORDS)
        .refine(isDate, DATE_WORDS),
      day,
      'must be dates and intervals, like 2026-12-25: closed',
    )
    .optional()
    .describe('Dates with hours of their own, such as holidays.'),
  untilEmpty: yesOrNo
    .optional()
    .describe('Serves the callers who wait at closing time. Default: false, they leave by overflow.'),
});

const musicWords = 'must be the http or https address of an MP3 or WAV file';
const queue = fields({
  agents: z
    .array(agent, 'must be a list of agents, like [Alice, Bob]')
    .min(1, 'must name at least one agent')
    .optional()
    .describe('Who is rung. Default: all agents.'),
  skills: z
    .array(skill, 'must be a list of skills')
    .optional()
    .describe('Skills that an agent needs. Given up one by one, the last first, each after relaxSeconds.'),
  languages: z
    .array(language, 'must be a list of language tags')
    .optional()
    .describe('Languages that an agent needs. Given up after all skills.'),
  relaxSeconds: seconds(0, 3_600)
    .optional()
    .describe('Waiting time after which one more skill is given up. Default: 0, never.'),
  priority: whole(-3_600, 3_600, '')
    .optional()
    .describe('Added to the seconds that a caller has waited, when several queues share agents. Default: 0.'),
  ringSeconds: seconds(5, 60).optional().describe('How long an agent is rung. Default: 20.'),
  addAgentSeconds: seconds(1, 60)
    .optional()
    .describe('Rings one more agent each so many seconds. Default: agents are rung one by one.'),
  wrapUpSeconds: seconds(0, 3_600)
    .optional()
    .describe('Time for notes after a call, without calls. Default: 10.'),
  music: z
    .string(musicWords)
    .refine(isWebAddress, musicWords)
    .optional()
    .describe('Address of an MP3 or WAV file that Vonage can load. Default: built-in music.'),
  musicSeconds: seconds(1, 3_600)
    .optional()
    .describe('How long the music plays. Default: unknown, at most ten minutes.'),
  announce: fields({
    position: yesOrNo.optional().describe('Says the position in the queue. Default: true.'),
    wait: yesOrNo.optional().describe('Says how long it may take. Default: true.'),
    firstAfterSeconds: seconds(0, 600).optional().describe('Default: 20.'),
    everySeconds: seconds(10, 600).optional().describe('Default: 40.'),
  })
    .optional()
    .describe('What callers are told while they wait.'),
  longestWaitSeconds: seconds(20, 7_200)
    .optional()
    .describe('After so long, a caller leaves by overflow. Default: 600.'),
  mostWaiting: whole(1, 10_000, '')
    .optional()
    .describe('More callers than this leave by overflow at once. Default: no limit.'),
  nobodyAfterSeconds: seconds(0, 3_600)
    .optional()
    .describe('Callers leave by overflow if nobody was signed in for so long. Default: 60.'),
  overflow: z
    .union(
      [z.enum(['voicemail', 'apology']), fields({ queue: queueName })],
      'must be voicemail, apology, or {queue: name}',
    )
    .optional()
    .describe('Where callers go whom no agent could take. Default: voicemail, without voicemail apology.'),
  hours: hours.optional().describe('When the queue is open. Default: always.'),
  voicemail: yesOrNo.optional().describe('Whether callers may leave a message by key 2. Default: true.'),
  callback: yesOrNo
    .optional()
    .describe('Whether callers may ask to be called back by key 1. Default: false.'),
  recording: yesOrNo
    .optional()
    .describe('Whether agents may record calls. Callers are told before. Default: false.'),
});

const placeholders: { readonly [Name in (typeof TEXT_NAMES)[number]]?: string } = {
  position: '{position}',
  wait: '{minutes}',
};
const text = (name: (typeof TEXT_NAMES)[number]) => spoken(LONGEST_TEXT, placeholders[name]).optional();
const texts = fields({
  position: text('position'),
  next: text('next'),
  wait: text('wait'),
  longWait: text('longWait'),
  pressForCallback: text('pressForCallback'),
  pressForVoicemail: text('pressForVoicemail'),
  stillWaiting: text('stillWaiting'),
  oneMoment: text('oneMoment'),
  leaveMessage: text('leaveMessage'),
  messageTaken: text('messageTaken'),
  apology: text('apology'),
  closed: text('closed'),
  goodbye: text('goodbye'),
  callbackBooked: text('callbackBooked'),
  callGone: text('callGone'),
  notDialled: text('notDialled'),
  dialledBusy: text('dialledBusy'),
  dialledNoAnswer: text('dialledNoAnswer'),
  dialledUnreachable: text('dialledUnreachable'),
  hold: text('hold'),
  stillOnHold: text('stillOnHold'),
  transferring: text('transferring'),
  recordingStarts: text('recordingStarts'),
});

const countryWords = 'must be a country code of two letters, like GB';
const prefixWords = 'must be the beginning of an international number, like "+44 20"';
const prefix = z
  .string(prefixWords)
  .max(32, prefixWords)
  .regex(/^\+?[\d ().-]+$/, prefixWords)
  .refine((each) => /^[1-9]\d{0,14}$/.test(digitsOf(each)), prefixWords);
const outbound = fields({
  countries: z
    .array(
      z.string(countryWords).refine(isCountry, countryWords),
      'must be a list of countries, like [GB, ES]',
    )
    .optional()
    .describe('Countries whose numbers may be dialled, except premium and shared-cost ones.'),
  prefixes: z
    .array(prefix, 'must be a list of prefixes, like ["+1 212"]')
    .optional()
    .describe('Numbers that begin so may be dialled, whatever they cost.'),
  except: z
    .array(prefix, 'must be a list of prefixes, like ["+44 70"]')
    .optional()
    .describe(
      'Numbers that begin so may not be dialled, although their country may. The longest prefix decides.',
    ),
});

const MOST_PHRASES = 50;
const PHRASE_WORDS = 'must be phrases: names, each with a text';

const numberWords = 'must be a phone number in E.164, like "+442038297050"';
const file = fields({
  language: language.optional().describe('The language of the voice and the texts. Default: VOICE_LANGUAGE.'),
  numbers: z
    .record(
      z
        .string()
        .regex(/^\+?[\d ().-]{3,32}$/, numberWords)
        .refine(isNumber, numberWords),
      reception,
      'must be phone numbers, each with fields',
    )
    .refine((all) => Object.keys(all).length <= MOST_NUMBERS, `must be at most ${MOST_NUMBERS} numbers`)
    .optional()
    .describe('What callers of each number hear first, and where they go.'),
  otherNumbers: reception.optional().describe('The same for all other numbers.'),
  queues: z
    .record(queueName, queue, 'must be queues, each with fields')
    .refine((all) => Object.keys(all).length > 0, 'must have at least one queue')
    .refine((all) => Object.keys(all).length <= MOST_QUEUES, `must be at most ${MOST_QUEUES} queues`)
    .describe('The queues by name. The first one is the default.'),
  agents: z
    .record(
      z.string(),
      fields({
        skills: z.array(skill, 'must be a list of skills').optional(),
        languages: z.array(language, 'must be a list of language tags').optional(),
      }),
      'must be agents, each with skills or languages',
    )
    .optional()
    .describe('What agents can do.'),
  texts: z
    .record(z.string().refine(isLanguageTag, languageWords), texts, 'must be languages, each with texts')
    .optional()
    .describe('Texts by language, instead of the built-in ones.'),
  unansweredLimit: whole(1, 20, '')
    .optional()
    .describe('After so many unanswered calls in a row an agent is set to away. Default: 2.'),
  comeBackSeconds: seconds(5, 120)
    .optional()
    .describe('How long a caller waits for an agent whose connection broke. Default: 15.'),
  placeKeptSeconds: seconds(0, 600)
    .optional()
    .describe('How long the place of a caller who was cut off is kept. Default: 120.'),
  transcripts: language
    .optional()
    .describe('The language in which Vonage writes down messages, at a price. Default: no transcripts.'),
  phrases: z
    .record(queueName, spoken(LONGEST_TEXT), PHRASE_WORDS)
    .refine((all) => Object.keys(all).length <= MOST_PHRASES, `must be at most ${MOST_PHRASES} phrases`)
    .optional()
    .describe('What agents can have said to a caller, by name.'),
  outcomes: z
    .array(z.string('must be a text').min(1, 'must not be empty').max(60, 'must be at most 60 characters'))
    .max(50, 'must be at most 50 outcomes')
    .optional()
    .describe('What a call may come to, for the wrap-up. Default: any text.'),
  outbound: outbound.optional().describe('Which numbers agents may dial. Default: none.'),
});

type DeskFile = z.infer<typeof file>;

/** The JSON Schema of desk files, for editors. */
export function deskFileJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(file, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'Switchboard desk file', ...schema };
}

/** Reads a desk file that was parsed from YAML: how the desk works, or everything that is wrong with it. */
export function readDeskFile(value: unknown, basis: DeskBasis): DeskFileResult {
  const parsed = file.safeParse(value);
  const [first, ...others] = unique([
    ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, value)),
    ...faultsBetween(value, basis),
  ]);
  if (first !== undefined) return { ok: false, faults: [first, ...others] };
  return parsed.success
    ? { ok: true, desk: settingsOf(parsed.data, basis) }
    : { ok: false, faults: [{ path: [], message: 'cannot be used' }] };
}

/** Each fault once: a value may break several rules that are said in the same words. */
function unique(faults: readonly DeskFault[]): DeskFault[] {
  const byText = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return [...byText.values()];
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): DeskFault[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    default: {
      const present = valueAt(value, path);
      if (present === undefined) return [{ path, message: `is missing: it ${issue.message}` }];
      const isPart =
        typeof present === 'object' && issue.code !== 'invalid_type' && issue.code !== 'invalid_union';
      return [{ path, message: isPart ? issue.message : `${issue.message}, but is ${shown(present)}` }];
    }
  }
}

function settingsOf(given: DeskFile, basis: DeskBasis): DeskSettings {
  const spokenLanguage = given.language ?? basis.language;
  const names = Object.keys(given.queues);
  const usual = builtInRules(basis.agents, basis.greeting, spokenLanguage);
  const receive = (at: DeskFile['otherNumbers']): Reception => ({
    greeting: oneLine(at?.greeting ?? basis.greeting),
    menu: at?.menu === undefined ? null : { text: oneLine(at.menu.text), keys: at.menu.keys },
    queue: at?.queue ?? names[0] ?? '',
  });
  return {
    rules: {
      language: spokenLanguage,
      numbers: Object.fromEntries(
        Object.entries(given.numbers ?? {}).map(([number, at]) => [digitsOf(number), receive(at)]),
      ),
      otherNumbers: receive(given.otherNumbers),
      queues: Object.fromEntries(
        Object.entries(given.queues).map(([name, own]) => [name, queueRules(name, own, basis.agents)]),
      ),
      skills: Object.fromEntries(
        basis.agents.map((name) => {
          const own = Object.hasOwn(given.agents ?? {}, name) ? given.agents?.[name] : undefined;
          return [name, [...(own?.skills ?? []), ...(own?.languages ?? []).flatMap(languagesOf)]];
        }),
      ),
      unansweredLimit: given.unansweredLimit ?? usual.unansweredLimit,
      comeBackSeconds: given.comeBackSeconds ?? usual.comeBackSeconds,
      placeKeptSeconds: given.placeKeptSeconds ?? usual.placeKeptSeconds,
      transcripts: given.transcripts ?? null,
      phrases: Object.fromEntries(
        Object.entries(given.phrases ?? {}).map(([name, said]) => [name, oneLine(said)]),
      ),
      outcomes: given.outcomes ?? usual.outcomes,
      outbound: {
        countries: given.outbound?.countries ?? [],
        prefixes: (given.outbound?.prefixes ?? []).map(digitsOf),
        except: (given.outbound?.except ?? []).map(digitsOf),
      },
    },
    texts: textsFor(spokenLanguage, given.texts ?? {}),
  };
}

function queueRules(name: string, own: DeskFile['queues'][string], agents: readonly string[]): QueueRules {
  const usual = builtInQueue(name, own.agents ?? agents);
  const { announce } = usual;
  return {
    name,
    agents: usual.agents,
    // The last is given up first.
    skills: [...(own.languages ?? []).map((each) => languagesOf(each)[0] ?? each), ...(own.skills ?? [])],
    relaxSeconds: own.relaxSeconds ?? usual.relaxSeconds,
    priority: own.priority ?? usual.priority,
    ringSeconds: own.ringSeconds ?? usual.ringSeconds,
    addAgentSeconds: own.addAgentSeconds ?? null,
    wrapUpSeconds: own.wrapUpSeconds ?? usual.wrapUpSeconds,
    music: own.music ?? null,
    musicSeconds: own.music === undefined ? usual.musicSeconds : (own.musicSeconds ?? LONGEST_MUSIC),
    announce: {
      position: own.announce?.position ?? announce.position,
      wait: own.announce?.wait ?? announce.wait,
      firstAfter: own.announce?.firstAfterSeconds ?? announce.firstAfter,
      every: own.announce?.everySeconds ?? announce.every,
    },
    longestWait: own.longestWaitSeconds ?? usual.longestWait,
    mostWaiting: own.mostWaiting ?? null,
    nobodyAfter: own.nobodyAfterSeconds ?? usual.nobodyAfter,
    overflow: own.overflow ?? (own.voicemail === false ? 'apology' : usual.overflow),
    hours: own.hours === undefined ? null : readHours(own.hours),
    voicemail: own.voicemail ?? usual.voicemail,
    callback: own.callback ?? usual.callback,
    recording: own.recording ?? usual.recording,
  };
}

function isNumber(text: string): boolean {
  return /^\d{3,15}$/.test(digitsOf(text));
}

function isZone(name: string): boolean {
  try {
    // An offset like +01:00 has no summer time.
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function isWebAddress(text: string): boolean {
  return !/\s/.test(text) && /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
