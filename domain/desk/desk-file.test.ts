import { describe, expect, it } from 'vitest';
import { builtInDesk } from './built-in.ts';
import { readDeskFile } from './desk-file.ts';
import { BUILT_IN, ENGLISH, SPANISH } from './texts.ts';

const basis = { agents: ['Alice', 'Bob', 'Carol'], greeting: 'Please wait.', language: 'en-GB' };

function desk(value: unknown, by: typeof basis = basis) {
  const read = readDeskFile(value, by);
  if (!read.ok)
    throw new Error(read.faults.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
  return read.desk;
}

/** Paths and messages of all faults. */
function faults(value: unknown): Record<string, string> {
  const read = readDeskFile(value, basis);
  return read.ok ? {} : Object.fromEntries(read.faults.map(({ path, message }) => [path.join('.'), message]));
}

/** A desk file with the fields of one queue. */
const queue = (fields: object) => ({ queues: { main: fields } });

describe('a desk file', () => {
  it('that only names the queue "main" is the built-in desk', () => {
    const { rules, texts } = builtInDesk(basis);
    expect(desk(queue({}))).toEqual({
      rules: { ...rules, skills: { Alice: [], Bob: [], Carol: [] } },
      texts,
    });
  });

  it('says what callers of each number hear, and where they go', () => {
    const { rules } = desk({
      queues: { sales: {}, support: {} },
      numbers: {
        '+44 20 3829 7050': {
          greeting: 'Welcome.\n  Please choose.\n',
          menu: { text: 'Press 1.', keys: { 1: 'sales', '*': 'support' } },
          queue: 'support',
        },
        442038297051: {},
      },
      otherNumbers: { greeting: 'Hello.' },
    });
    expect(rules.numbers).toEqual({
      '442038297050': {
        greeting: 'Welcome. Please choose.',
        menu: { text: 'Press 1.', keys: { 1: 'sales', '*': 'support' } },
        queue: 'support',
      },
      '442038297051': { greeting: 'Please wait.', menu: null, queue: 'sales' },
    });
    expect(rules.otherNumbers).toEqual({ greeting: 'Hello.', menu: null, queue: 'sales' });
  });

  it('says how a queue works', () => {
    const { rules } = desk({
      queues: {
        main: {
          agents: ['Bob'],
          priority: 60,
          ringSeconds: 15,
          addAgentSeconds: 5,
          wrapUpSeconds: 30,
          music: 'https://music.example/wait.mp3',
          musicSeconds: 90,
          announce: { wait: false, everySeconds: 60 },
          longestWaitSeconds: 300,
          mostWaiting: 5,
          nobodyAfterSeconds: 0,
          overflow: { queue: 'other' },
          callback: true,
          recording: true,
        },
        other: { voicemail: false },
      },
      unansweredLimit: 3,
      comeBackSeconds: 30,
      placeKeptSeconds: 0,
    });
    expect(rules.queues.main).toEqual({
      name: 'main',
      agents: ['Bob'],
      skills: [],
      relaxSeconds: 0,
      priority: 60,
      ringSeconds: 15,
      addAgentSeconds: 5,
      wrapUpSeconds: 30,
      music: 'https://music.example/wait.mp3',
      musicSeconds: 90,
      announce: { position: true, wait: false, firstAfter: 20, every: 60 },
      longestWait: 300,
      mostWaiting: 5,
      nobodyAfter: 0,
      overflow: { queue: 'other' },
      hours: null,
      voicemail: true,
      callback: true,
      recording: true,
    });
    expect(rules.queues.other?.overflow).toBe('apology');
    expect(rules).toMatchObject({ unansweredLimit: 3, comeBackSeconds: 30, placeKeptSeconds: 0 });
  });

  it('says what agents may do in a call', () => {
    const { rules } = desk({
      queues: { main: {} },
      phrases: { hours: 'We are open\n from nine to five.' },
      outcomes: ['solved', 'call back'],
      outbound: { countries: ['GB', 'ES'], prefixes: ['+1 (212)'], except: ['+44 70'] },
    });
    expect(rules.queues.main?.recording).toBe(false);
    expect(rules.phrases).toEqual({ hours: 'We are open from nine to five.' });
    expect(rules.outcomes).toEqual(['solved', 'call back']);
    expect(rules.outbound).toEqual({ countries: ['GB', 'ES'], prefixes: ['1212'], except: ['4470'] });
    const usual = desk({ queues: { main: {} } }).rules;
    expect(usual).toMatchObject({ phrases: {}, outbound: { countries: [], prefixes: [], except: [] } });
  });

  it('asks for skills first to be given up, and for languages, whose speakers also speak the shorter form', () => {
    const { rules } = desk({
      queues: { main: { languages: ['es'], skills: ['billing', 'refunds'], relaxSeconds: 60 } },
      agents: { Alice: { languages: ['es-MX', 'en'], skills: ['billing'] }, Bob: { skills: ['refunds'] } },
    });
    expect(rules.queues.main?.skills).toEqual(['es', 'billing', 'refunds']);
    expect(rules.skills).toEqual({ Alice: ['billing', 'es-MX', 'es', 'en'], Bob: ['refunds'], Carol: [] });
  });

  it('has hours by weekday and date', () => {
    const { rules } = desk(
      queue({
        hours: {
          zone: 'Europe/London',
          week: {
            'mon-thu': ['09:00-12:30', '13:30 – 17:00'],
            fri: '22:00-02:00',
            sat: '02:00-24:00',
            sun: 'closed',
          },
          exceptions: { '2026-12-25': 'closed', '2026-12-24': '09:00-12:00' },
        },
      }),
    );
    const office = [
      { from: 540, to: 750 },
      { from: 810, to: 1020 },
    ];
    expect(rules.queues.main?.hours).toEqual({
      zone: 'Europe/London',
      week: [office, office, office, office, [{ from: 1320, to: 1560 }], [{ from: 120, to: 1440 }], []],
      exceptions: { '2026-12-25': [], '2026-12-24': [{ from: 540, to: 720 }] },
      untilEmpty: false,
    });
  });

  it('replaces texts of the language that the desk speaks', () => {
    const texts = {
      es: { closed: 'Cerrado.', goodbye: 'Adiós.' },
      'es-MX': { goodbye: 'Hasta luego.\n' },
      en: { closed: 'Shut.' },
    };
    const file = (language: string) => desk({ ...queue({}), language, texts }).texts;
    expect(file('es-MX')).toEqual({ ...SPANISH, closed: 'Cerrado.', goodbye: 'Hasta luego.' });
    expect(file('es-ES')).toEqual({ ...SPANISH, closed: 'Cerrado.', goodbye: 'Adiós.' });
    expect(file('en-US')).toEqual({ ...ENGLISH, closed: 'Shut.' });
    expect(desk({ ...queue({}), language: 'la', texts: { la: ENGLISH } }).texts).toEqual(ENGLISH);
  });

  it('keeps agents apart from the names that every object has', () => {
    const { rules } = desk(queue({}), { ...basis, agents: ['constructor'] });
    expect(rules.skills).toEqual({ constructor: [] });
    expect(Object.keys(faults({ queues: { main: {} }, otherNumbers: { queue: 'constructor' } }))).toEqual([
      'otherNumbers.queue',
    ]);
  });
});

describe('a fault', () => {
  const { closed: _closed, goodbye: _goodbye, ...withoutTwo } = ENGLISH;
  const open = (week: object, exceptions?: object) =>
    queue({ hours: { zone: 'Europe/London', week, ...(exceptions && { exceptions }) } });
  const week = 'queues.main.hours.week';
  const dayWords = 'must be closed, an interval like 09:00-17:30, or a list of intervals';
  const nameWords =
    'must be a name of letters, digits, spaces and . _ -, at most 64 characters, that begins with a letter or digit';

  it.each<[string, unknown, string, string]>([
    [
      'a file that is a list',
      [],
      '',
      'must be fields: language, numbers, otherNumbers, queues, agents, texts, unansweredLimit, comeBackSeconds, placeKeptSeconds, transcripts, phrases, outcomes, outbound, but is a list',
    ],
    ['no queues', {}, 'queues', 'is missing: it must be queues, each with fields'],
    ['an empty list of queues', { queues: {} }, 'queues', 'must have at least one queue'],
    [
      'a field of a wrong type',
      queue({ ringSeconds: '20s' }),
      'queues.main.ringSeconds',
      'must be a whole number of seconds from 5 to 60, but is "20s"',
    ],
    [
      'a number that is too large',
      queue({ ringSeconds: 61 }),
      'queues.main.ringSeconds',
      'must be a whole number of seconds from 5 to 60, but is 61',
    ],
    [
      'a number with a fraction',
      queue({ priority: 0.5 }),
      'queues.main.priority',
      'must be a whole number from -3600 to 3600, but is 0.5',
    ],
    [
      'no number',
      queue({ priority: Number.NaN }),
      'queues.main.priority',
      'must be a whole number from -3600 to 3600, but is NaN',
    ],
    ['yes', queue({ voicemail: 'yes' }), 'queues.main.voicemail', 'must be true or false, but is "yes"'],
    [
      'an unknown agent',
      queue({ agents: ['Alice', 'Eve'] }),
      'queues.main.agents.1',
      'must be one of the agents (Alice, Bob, Carol), but is "Eve"',
    ],
    [
      'an unknown agent with skills',
      { ...queue({}), agents: { Eve: {} } },
      'agents.Eve',
      'must be one of the agents (Alice, Bob, Carol), but is "Eve"',
    ],
    [
      'an agent twice',
      queue({ agents: ['Alice', 'Alice'] }),
      'queues.main.agents.1',
      'must not name "Alice" twice',
    ],
    ['nobody', queue({ agents: [] }), 'queues.main.agents', 'must name at least one agent'],
    [
      'a skill that nobody has',
      { ...queue({ agents: ['Bob'], skills: ['tax'] }), agents: { Alice: { skills: ['tax'] } } },
      'queues.main.skills.0',
      'must be one that an agent of this queue has in the section agents, but is "tax"',
    ],
    [
      'a language that nobody speaks',
      { ...queue({ languages: ['es-MX'] }), agents: { Alice: { languages: ['es'] } } },
      'queues.main.languages.0',
      'must be one that an agent of this queue has in the section agents, but is "es-MX"',
    ],
    [
      'a menu to an unknown queue',
      { ...queue({}), otherNumbers: { menu: { text: 'Press 1.', keys: { 1: 'sales' } } } },
      'otherNumbers.menu.keys.1',
      'must be one of the queues (main), but is "sales"',
    ],
    [
      'a number with an unknown queue',
      { ...queue({}), numbers: { '4420': { queue: 'sales' } } },
      'numbers.4420.queue',
      'must be one of the queues (main), but is "sales"',
    ],
    [
      'a key that is none',
      { ...queue({}), otherNumbers: { menu: { text: 'Press A.', keys: { A: 'main' } } } },
      'otherNumbers.menu.keys.A',
      'must be a key of the phone: 0 to 9, "*" or "#"',
    ],
    [
      'two keys at once',
      { ...queue({}), otherNumbers: { menu: { text: 'Press 12.', keys: { 12: 'main' } } } },
      'otherNumbers.menu.keys.12',
      'must be a key of the phone: 0 to 9, "*" or "#"',
    ],
    [
      'a menu without keys',
      { ...queue({}), otherNumbers: { menu: { text: 'Press.', keys: {} } } },
      'otherNumbers.menu.keys',
      'must have at least one key',
    ],
    [
      'a number that is none',
      { ...queue({}), numbers: { '020 - 1': {}, 'our number': {} } },
      'numbers.our number',
      'must be a phone number in E.164, like "+442038297050"',
    ],
    [
      'a number twice',
      { ...queue({}), numbers: { '442038297050': {}, '+44 20 3829 7050': {} } },
      'numbers.+44 20 3829 7050',
      'must not be there twice: it is the number "442038297050"',
    ],
    [
      'an overflow to an unknown queue',
      queue({ overflow: { queue: 'other' } }),
      'queues.main.overflow.queue',
      'must be one of the queues (main), but is "other"',
    ],
    [
      'an overflow that is none',
      queue({ overflow: 'music' }),
      'queues.main.overflow',
      'must be voicemail, apology, or {queue: name}, but is "music"',
    ],
    [
      'an overflow to itself',
      queue({ overflow: { queue: 'main' } }),
      'queues.main.overflow',
      'must not lead in a circle, but does: main → main. One of them must end with voicemail or apology',
    ],
    [
      'an overflow in a circle',
      {
        queues: {
          start: { overflow: { queue: 'a' } },
          a: { overflow: { queue: 'b' } },
          b: { overflow: { queue: 'a' } },
          end: {},
        },
      },
      'queues.a.overflow',
      'must not lead in a circle, but does: a → b → a. One of them must end with voicemail or apology',
    ],
    [
      'an overflow to the voicemail that is off',
      queue({ overflow: 'voicemail', voicemail: false }),
      'queues.main.overflow',
      'must not be voicemail while voicemail is false',
    ],
    [
      'a length of music that is missing',
      queue({ musicSeconds: 30 }),
      'queues.main.musicSeconds',
      'must be the length of music, which is missing',
    ],
    [
      'a country that does not exist',
      { ...queue({}), outbound: { countries: ['GB', 'XX'] } },
      'outbound.countries.1',
      'must be a country code of two letters, like GB, but is "XX"',
    ],
    [
      'a prefix that is no number',
      { ...queue({}), outbound: { prefixes: ['0044'] } },
      'outbound.prefixes.0',
      'must be the beginning of an international number, like "+44 20", but is "0044"',
    ],
    [
      'a phrase with markup',
      { ...queue({}), phrases: { hours: '<break/>' } },
      'phrases.hours',
      'must be plain text without < and >, at most 300 characters, but is "<break/>"',
    ],
    [
      'music that is a file',
      queue({ music: 'music.mp3' }),
      'queues.main.music',
      'must be the http or https address of an MP3 or WAV file, but is "music.mp3"',
    ],
    [
      'a zone that does not exist',
      queue({ hours: { zone: 'Europe/Atlantis', week: { mon: '09:00-17:00' } } }),
      'queues.main.hours.zone',
      'must be an IANA time zone, like Europe/London, but is "Europe/Atlantis"',
    ],
    [
      'an offset as a zone',
      queue({ hours: { zone: '+01:00', week: { mon: '09:00-17:00' } } }),
      'queues.main.hours.zone',
      'must be an IANA time zone, like Europe/London, but is "+01:00"',
    ],
    [
      'hours without a zone',
      queue({ hours: { week: { mon: '09:00-17:00' } } }),
      'queues.main.hours.zone',
      'is missing: it must be an IANA time zone, like Europe/London',
    ],
    ['a time that is none', open({ mon: '09:00-25:00' }), `${week}.mon`, `${dayWords}, but is "09:00-25:00"`],
    [
      'a time after the end of the day',
      open({ mon: '09:00-24:30' }),
      `${week}.mon`,
      `${dayWords}, but is "09:00-24:30"`,
    ],
    [
      'an interval without a length',
      open({ mon: '09:00-09:00' }),
      `${week}.mon`,
      `${dayWords}, but is "09:00-09:00"`,
    ],
    [
      'a weekday that is none',
      open({ mon: '09:00-17:00', monday: 'closed' }),
      `${week}.monday`,
      'must be a weekday or several: mon, or mon-fri',
    ],
    [
      'a weekday twice',
      open({ 'mon-fri': '09:00-17:00', wed: 'closed' }),
      `${week}.wed`,
      'sets wed, which another line sets, too',
    ],
    [
      'hours that overlap',
      open({ mon: ['09:00-13:00', '12:00-17:00'] }),
      `${week}.mon`,
      'has hours that overlap',
    ],
    [
      'hours that overlap over midnight',
      open({ mon: '22:00-10:00', tue: '09:00-17:00' }),
      `${week}.mon`,
      'has hours that overlap: mon ends after tue begins',
    ],
    [
      'hours that overlap from Sunday to Monday',
      open({ sun: '22:00-10:00', mon: '09:00-17:00' }),
      `${week}.sun`,
      'has hours that overlap: sun ends after mon begins',
    ],
    [
      'hours of a date that overlap',
      open({ mon: '09:00-13:00' }, { '2026-12-24': ['09:00-13:00', '12:59-14:00'] }),
      'queues.main.hours.exceptions.2026-12-24',
      'has hours that overlap',
    ],
    [
      'hours that never come',
      open({ 'mon-sun': 'closed' }),
      week,
      'must have an interval: the queue would never be open',
    ],
    [
      'a date that does not exist',
      open({ mon: '09:00-13:00' }, { '2026-02-29': 'closed' }),
      'queues.main.hours.exceptions.2026-02-29',
      'must be a date, like 2026-12-25',
    ],
    ['a long name', { queues: { main: {}, ['x'.repeat(200)]: {} } }, `queues.${'x'.repeat(200)}`, nameWords],
    ['an emoji as a name', { queues: { main: {}, '🙂': {} } }, 'queues.🙂', nameWords],
    ['markup as a name', { queues: { main: {}, '<script>': {} } }, 'queues.<script>', nameWords],
    ['a name with a line break', { queues: { main: {}, 'a\nb': {} } }, 'queues.a\nb', nameWords],
    [
      'markup in a text',
      { ...queue({}), otherNumbers: { greeting: '<script>alert(1)</script>' } },
      'otherNumbers.greeting',
      'must be plain text without < and >, at most 700 characters, but is "<script>alert(1)</script>"',
    ],
    [
      'a long text',
      { ...queue({}), texts: { en: { closed: 'x'.repeat(301) } } },
      'texts.en.closed',
      `must be plain text without < and >, at most 300 characters, but is "${'x'.repeat(60)}…"`,
    ],
    [
      'a text without its figure',
      { ...queue({}), texts: { en: { position: 'You wait.' } } },
      'texts.en.position',
      'must be plain text without < and >, at most 300 characters that contains {position}, but is "You wait."',
    ],
    [
      'a language that is none',
      { ...queue({}), language: 'English!' },
      'language',
      'must be a language tag, like en-GB or es-ES, but is "English!"',
    ],
    [
      'a language whose texts are missing',
      {
        ...queue({}),
        language: 'la-VA',
        texts: { la: withoutTwo },
      },
      'texts',
      `must have texts for la, because the desk speaks it and only ${BUILT_IN} are built in. Missing: closed, goodbye`,
    ],
    [
      'an unknown field',
      queue({ ringSecond: 20, announce: { how: 1 } }),
      'queues.main.announce.how',
      'is unknown; the fields here are position, wait, firstAfterSeconds, everySeconds',
    ],
    [
      'a field without a value',
      queue({ announce: null }),
      'queues.main.announce',
      'must be fields: position, wait, firstAfterSeconds, everySeconds, but is empty',
    ],
    [
      'too many queues',
      { queues: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`q${index}`, {}])) },
      'queues',
      'must be at most 100 queues',
    ],
  ])('of %s is told with its place and what to do', (_what, value, path, message) => {
    expect(faults(value)).toMatchObject({ [path]: message });
  });

  it('may be an emoji in a text, which is none', () => {
    expect(faults({ ...queue({}), otherNumbers: { greeting: 'Hello 🙂' } })).toEqual({});
  });

  it('comes with all the others', () => {
    const wrong = {
      queues: { main: { agents: ['Eve'], ringSeconds: 'x', overflow: { queue: 'main' } }, 'a/b': {} },
      otherNumbers: { queue: 'none', colour: 'red' },
    };
    expect(Object.keys(faults(wrong)).toSorted()).toEqual([
      'otherNumbers.colour',
      'otherNumbers.queue',
      'queues.a/b',
      'queues.main.agents.0',
      'queues.main.overflow',
      'queues.main.ringSeconds',
    ]);
  });

  it('is told once for each circle, with the beginning of a long one', () => {
    const queues = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `q${index}`,
        { overflow: { queue: `q${(index + 1) % 30}` } },
      ]),
    );
    expect(faults({ queues })).toEqual({
      'queues.q0.overflow': expect.stringContaining(
        'q0 → q1 → q2 → q3 → q4 → q5 → q6 → q7 → q8 → q9 and 21 more.',
      ),
    });
  });
});
