import type { DeskBasis } from './built-in.ts';
import { faultsInHours } from './desk-file-hours.ts';
import { type DeskFault, digitsOf, entriesOf, listAt, shown, some, valueAt } from './desk-file-value.ts';
import { BUILT_IN, isLanguageTag, languagesOf, speaks, TEXT_NAMES } from './texts.ts';

type Path = (string | number)[];

/**
 * What is wrong although each value by itself is right: names that do not exist, and values that contradict each
 * other. Looks at whatever is there, so that these faults are told together with all others.
 */
export function faultsBetween(value: unknown, basis: DeskBasis): DeskFault[] {
  const queues = entriesOf(value, 'queues').map(([name]) => name);
  return [
    ...unknownQueues(value, queues),
    ...unknownAgents(value, queues, basis),
    ...queues.flatMap((name) => neededByNobody(value, name, basis.agents)),
    ...circles(value, queues),
    ...queues.flatMap((name) => [...noVoicemail(value, name), ...noMusic(value, name)]),
    ...queues.flatMap((name) =>
      faultsInHours(valueAt(value, ['queues', name, 'hours']), ['queues', name, 'hours']),
    ),
    ...repeatedNumbers(value),
    ...missingTexts(value, basis.language),
  ];
}

function unknownQueues(value: unknown, queues: readonly string[]): DeskFault[] {
  const known = new Set(queues);
  const receptions: Path[] = [
    ['otherNumbers'],
    ...entriesOf(value, 'numbers').map(([number]) => ['numbers', number]),
  ];
  const places: Path[] = [
    ...receptions.map((place) => [...place, 'queue']),
    ...receptions.flatMap((place) =>
      entriesOf(value, ...place, 'menu', 'keys').map(([key]) => [...place, 'menu', 'keys', key]),
    ),
    ...queues.map((name) => ['queues', name, 'overflow', 'queue']),
  ];
  return places.flatMap((path) => {
    const name = valueAt(value, path);
    if (typeof name !== 'string' || known.size === 0 || known.has(name)) return [];
    return [{ path, message: `must be one of the queues (${some(known)}), but is ${shown(name)}` }];
  });
}

function unknownAgents(
  value: unknown,
  queues: readonly string[],
  { agents, mayHaveOthers }: DeskBasis,
): DeskFault[] {
  const known = new Set(agents);
  const faults: DeskFault[] = [];
  const mustBeKnown = (name: unknown, path: Path) => {
    if (typeof name !== 'string' || known.has(name) || mayHaveOthers) return;
    faults.push({ path, message: `must be one of the agents (${some(known)}), but is ${shown(name)}` });
  };
  for (const [name] of entriesOf(value, 'agents')) mustBeKnown(name, ['agents', name]);
  for (const queue of queues) {
    const seen = new Set<unknown>();
    for (const [index, name] of listAt(value, 'queues', queue, 'agents').entries()) {
      const path = ['queues', queue, 'agents', index];
      mustBeKnown(name, path);
      if (seen.has(name)) faults.push({ path, message: `must not name ${shown(name)} twice` });
      seen.add(name);
    }
  }
  return faults;
}

/** Skills and languages that no agent of the queue has: its callers would wait in vain. */
function neededByNobody(value: unknown, queue: string, agents: readonly string[]): DeskFault[] {
  const listed = listAt(value, 'queues', queue, 'agents').filter((name) => typeof name === 'string');
  const members = listed.length > 0 ? listed : agents;
  return (['skills', 'languages'] as const).flatMap((kind) => {
    const needed = listAt(value, 'queues', queue, kind);
    if (needed.length === 0) return [];
    const held = new Set(
      members.flatMap((name) => listAt(value, 'agents', name, kind).flatMap((each) => formsOf(each, kind))),
    );
    return needed.flatMap((each, index) => {
      const [name] = formsOf(each, kind);
      if (name === undefined || held.has(name)) return [];
      const message = `must be one that an agent of this queue has in the section agents, but is ${shown(each)}`;
      return [{ path: ['queues', queue, kind, index], message }];
    });
  });
}

/** A skill as it is; a language with its shorter forms, because who speaks es-MX speaks es. */
function formsOf(name: unknown, kind: 'skills' | 'languages'): string[] {
  if (typeof name !== 'string') return [];
  return kind === 'languages' && isLanguageTag(name) ? languagesOf(name) : [name];
}

/** Overflow that comes back: callers would go round without an end. Each circle is told once. */
function circles(value: unknown, queues: readonly string[]): DeskFault[] {
  const faults: DeskFault[] = [];
  const done = new Set<string>();
  for (const start of queues) {
    const way: string[] = [];
    let at: unknown = start;
    while (typeof at === 'string' && !done.has(at)) {
      done.add(at);
      way.push(at);
      at = valueAt(value, ['queues', at, 'overflow', 'queue']);
    }
    if (typeof at !== 'string' || !way.includes(at)) continue;
    const circle = some([...way.slice(way.indexOf(at)), at], ' → ');
    faults.push({
      path: ['queues', at, 'overflow'],
      message: `must not lead in a circle, but does: ${circle}. One of them must end with voicemail or apology`,
    });
  }
  return faults;
}

function noMusic(value: unknown, queue: string): DeskFault[] {
  const path = ['queues', queue, 'musicSeconds'];
  const isAlone =
    valueAt(value, path) !== undefined && valueAt(value, ['queues', queue, 'music']) === undefined;
  return isAlone ? [{ path, message: 'must be the length of music, which is missing' }] : [];
}

function noVoicemail(value: unknown, queue: string): DeskFault[] {
  const path = ['queues', queue, 'overflow'];
  const takesNone = valueAt(value, ['queues', queue, 'voicemail']) === false;
  return takesNone && valueAt(value, path) === 'voicemail'
    ? [{ path, message: 'must not be voicemail while voicemail is false' }]
    : [];
}

function repeatedNumbers(value: unknown): DeskFault[] {
  const seen = new Map<string, string>();
  return entriesOf(value, 'numbers').flatMap(([number]) => {
    const other = seen.get(digitsOf(number));
    seen.set(digitsOf(number), number);
    if (other === undefined) return [];
    return [
      { path: ['numbers', number], message: `must not be there twice: it is the number ${shown(other)}` },
    ];
  });
}

/** A language that is not built in needs all its texts. */
function missingTexts(value: unknown, voiceLanguage: string): DeskFault[] {
  const language = valueAt(value, ['language']) ?? voiceLanguage;
  if (typeof language !== 'string' || !isLanguageTag(language) || speaks(language)) return [];
  const tags = languagesOf(language);
  const given = new Set(
    entriesOf(value, 'texts')
      .filter(([tag]) => isLanguageTag(tag) && tags.includes(languagesOf(tag)[0] ?? ''))
      .flatMap(([tag]) => entriesOf(value, 'texts', tag).map(([name]) => name)),
  );
  const missing = TEXT_NAMES.filter((name) => !given.has(name));
  if (missing.length === 0) return [];
  const message = `must have texts for ${tags.at(-1)}, because the desk speaks it and only ${BUILT_IN} are built in. Missing: ${missing.join(', ')}`;
  return [{ path: ['texts'], message }];
}
