import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { deskFileJsonSchema } from '../../domain/desk/desk-file.ts';
import { ENGLISH, TEXT_NAMES } from '../../domain/desk/texts.ts';
import { emptyFolder } from '../testing.ts';
import { loadDeskFile, parseDeskText } from './desk-file.ts';

const basis = { agents: ['Alice', 'Bob'], greeting: 'Please wait.', language: 'en-GB' };

function faults(text: string): readonly string[] {
  const read = parseDeskText(text, 'desk.yaml', basis);
  return read.ok ? [] : read.faults;
}

describe('the faults of a desk file', () => {
  it('come all at once, each with its line', () => {
    const text = `queues:
  sales:
    agents: [Alice,
      Eve]
    ringSeconds: soon
    hours: &office
      week:
        mon: 09:00-17:00
  support:
    hours: *office
    colour: red
numbers:
  +442038297050:
    menu:
      text: Press 1.
      keys:
        1: billing
`;
    expect(faults(text)).toEqual([
      'desk.yaml:4 queues.sales.agents[1] must be one of the agents (Alice, Bob), but is "Eve"',
      'desk.yaml:5 queues.sales.ringSeconds must be a whole number of seconds from 5 to 60, but is "soon"',
      'desk.yaml:6 queues.sales.hours.zone is missing: it must be an IANA time zone, like Europe/London',
      'desk.yaml:10 queues.support.hours.zone is missing: it must be an IANA time zone, like Europe/London',
      expect.stringContaining('desk.yaml:11 queues.support.colour is unknown; the fields here are agents, '),
      'desk.yaml:17 numbers.442038297050.menu.keys.1 must be one of the queues (sales, support), but is "billing"',
    ]);
  });

  it('include two queues of one name', () => {
    expect(faults('queues:\n  main: {}\n  main:\n    ringSeconds: 1\n')).toEqual([
      'desk.yaml:3 main must not be there twice: rename or remove one of them',
      'desk.yaml:4 queues.main.ringSeconds must be a whole number of seconds from 5 to 60, but is 1',
    ]);
  });

  it.each([
    ['', /^desk\.yaml:1 the file must be fields: .+, but is empty$/],
    ['queues:\n  main:\n   a: [1\n', /^desk\.yaml:\d is not YAML: /],
    ['queues:\n  main: {}\n\tb: 1\n', /^desk\.yaml:3 is not YAML: /],
    [
      'queues:\n  main: {}\n---\nqueues: {}\n',
      /^desk\.yaml:\d the file must have no second document after ---$/,
    ],
    ['queues:\n  main: *office\n', /^desk\.yaml:2 \*office needs an anchor &office before it/],
    ['queues:\n  main: !!js/function {}\n', /^desk\.yaml:2 tags \(!\) are not used here$/],
    ['queues:\n  main: {}\n  ? [a, b]\n  : {}\n', /^desk\.yaml:2 a key must be a name or a number$/],
    ['['.repeat(100_000), /^desk\.yaml is nested too deeply$/],
  ])('are in words where it is no YAML of ours: %#', (text, fault) => {
    expect(faults(text)).toContainEqual(expect.stringMatching(fault));
  });

  it('include a name that would be left out without a word', () => {
    expect(faults('queues:\n  main: {}\n  __proto__: {agents: [Alice]}\n')).toEqual([
      'desk.yaml:3 __proto__ cannot be a name here',
    ]);
  });

  it('are as many as can be read', () => {
    const text = `queues:\n  main: {}\n${Array.from({ length: 80 }, (_, index) => `field${index}: 1\n`).join('')}`;
    expect(faults(text)).toHaveLength(51);
    expect(faults(text).at(-1)).toBe('desk.yaml has 30 more faults');
  });

  it('cannot forge a line', () => {
    const text = '"a\\nDone.": 1\nqueues: {main: {}}\n';
    expect(faults(text)[0]).toContain('desk.yaml:1 "a\\nDone." is unknown');
  });

  it('are quickly found in anchors that repeat each other', () => {
    const levels = [...'bcdefghij'].map(
      (letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]\n`,
    );
    expect(faults(`a: &a [1]\n${levels.join('')}`)).toEqual(['desk.yaml repeats its anchors (&) too often']);
  });

  it('may be in an anchor that contains itself', () => {
    expect(faults('queues: &all\n  main: *all\n')).toEqual([
      expect.stringContaining('queues.main.main is unknown'),
    ]);
  });
});

describe('reading a desk file', () => {
  const written = (content: string | Buffer) => {
    const file = join(emptyFolder(), 'desk.yaml');
    writeFileSync(file, content);
    return file;
  };

  it('takes a mark at its beginning, and line ends of any kind', () => {
    expect(loadDeskFile(written('\uFEFFqueues:\r\n  main: {}\r\n'), basis)).toMatchObject({ ok: true });
  });

  it.each<[string, () => string, string]>([
    ['that does not exist', () => join(emptyFolder(), 'desk.yaml'), 'does not exist'],
    ['of 10 MB', () => written('#'.repeat(10 * 1024 * 1024)), 'must have at most 1 MB, but has 10.0 MB'],
    [
      'in UTF-16',
      () => written(Buffer.from('queues: {}', 'utf16le')),
      'cannot be read: it must be saved as UTF-8 text',
    ],
    [
      'that is a folder',
      () => {
        const folder = join(emptyFolder(), 'desk.yaml');
        mkdirSync(folder);
        return folder;
      },
      'cannot be read: it is a folder',
    ],
    ['that never ends', () => '/dev/zero', 'must be a regular file'],
  ])('%s is a fault', (_what, make, fault) => {
    const file = make();
    expect(loadDeskFile(file, basis)).toEqual({ ok: false, faults: [`${file} ${fault}`] });
  });
});

describe('docs/desk.md', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/desk.md'), 'utf8');
  const examples = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);

  it.each(examples.map((block, index) => [index + 1, block]))('example %i is right', (_index, block) => {
    // Some show one part only; every desk file has queues.
    const whole = /^queues:/m.test(String(block)) ? String(block) : `${block}queues: {main: {}}\n`;
    expect(faults(whole)).toEqual([]);
  });

  it('shows each field at its place in an example', () => {
    const shown = new Set(examples.flatMap((block) => placesIn(parse(block), deskFileJsonSchema())));
    const missing = placesOf(deskFileJsonSchema()).filter((place) => !shown.has(place));
    // The texts are in a table.
    expect(missing.filter((place) => !place.startsWith('texts.*.'))).toEqual([]);
  });

  it('says of each text when it is said, and with which placeholder', () => {
    const [, table = ''] = /\| text \| said \|\n(.*?)\n\n/s.exec(text) ?? [];
    const rows = table.split('\n').slice(1);
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(named.toSorted()).toEqual([...TEXT_NAMES].toSorted());
    for (const name of TEXT_NAMES) {
      const [placeholder] = /\{\w+\}/.exec(ENGLISH[name]) ?? [];
      if (placeholder !== undefined)
        expect(rows.find((row) => row.includes(`\`${name}\``))).toContain(placeholder);
    }
  });

  it('comes with the JSON Schema of today: npm run desk-schema', () => {
    const kept = readFileSync(resolve(import.meta.dirname, '../../docs/desk.schema.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual(JSON.parse(JSON.stringify(deskFileJsonSchema())));
  });
});

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
}

/** All places of a schema: `queues.*.hours.zone`. */
function placesOf({ properties = {}, additionalProperties, anyOf = [] }: JsonSchema): string[] {
  const inner = typeof additionalProperties === 'object' ? placesOf(additionalProperties) : [];
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      name,
      ...placesOf(field).map((each) => `${name}.${each}`),
    ]),
    ...inner.map((each) => `*.${each}`),
    ...anyOf.flatMap(placesOf),
  ];
}

/** The places of a schema that a value has something at. */
function placesIn(value: unknown, schema: JsonSchema): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {}, additionalProperties, anyOf = [] } = schema;
  return [
    ...anyOf.flatMap((each) => placesIn(value, each)),
    ...Object.entries(value).flatMap(([name, field]) => {
      const known = properties[name];
      if (known !== undefined) return [name, ...placesIn(field, known).map((each) => `${name}.${each}`)];
      return typeof additionalProperties === 'object'
        ? placesIn(field, additionalProperties).map((each) => `*.${each}`)
        : [];
    }),
  ];
}
