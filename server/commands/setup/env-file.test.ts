import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { emptyFolder } from '../../testing.ts';
import { setInEnvText, writeEnvFile } from './env-file.ts';

const names = fc.constantFrom('PORT', 'PUBLIC_URL', 'VONAGE_API_KEY', 'VONAGE_NUMBER', 'AGENTS', 'A.b-c');
const plain = fc.string({ unit: fc.constantFrom(...'ab9 #=\'"`\\$:-_é') });
const space = fc.constantFrom('', ' ', '  ', '\t');
const assignments = fc
  .tuple(
    fc.constantFrom('', '  ', 'export '),
    names,
    space,
    space,
    fc.oneof(quotedValues(), plain),
    trailing(),
  )
  .map(([lead, name, before, after, value, comment]) => `${lead}${name}${before}=${after}${value}${comment}`);
const comments = plain.map((text) => `# ${text}`);
const examples = names.map((name) => `# ${name}=an example`);

function quotedValues() {
  const inside = fc.string({ unit: fc.constantFrom(...'ab #=\n$') });
  return fc.tuple(fc.constantFrom("'", '"', '`'), inside).map(([mark, text]) => `${mark}${text}${mark}`);
}

function trailing() {
  return fc.constantFrom('', ' # why', '   #', '#tight');
}

/** Files as people write them, and as nobody should. */
const files = fc
  .tuple(
    fc.array(fc.oneof(assignments, comments, examples, fc.constant(''), plain), { maxLength: 12 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ''));

const values = fc.dictionary(
  names,
  fc
    .string({ unit: fc.constantFrom(...'ab9 #=\'"\\$:/-_.é,') })
    .filter((text) => text === text.trim() && text !== ''),
  { minKeys: 1, noNullPrototype: true },
);

/** What cannot be done is refused in words, and nothing is written then. */
function trySetting(text: string, changes: Record<string, string>): string | undefined {
  try {
    return setInEnvText(text, changes);
  } catch (error) {
    expect(error).toMatchObject({ message: expect.stringMatching(/cannot/) });
    return undefined;
  }
}

test('in any file, dotenv reads the new values afterwards, and all others as before', () => {
  fc.assert(
    fc.property(files, values, (text, changes) => {
      const after = trySetting(text, changes);
      if (after !== undefined) expect(parse(after)).toEqual({ ...parse(text), ...changes });
    }),
    { numRuns: 1000 },
  );
});

test('in any file, no line is lost or moved except those of a changed variable', () => {
  fc.assert(
    fc.property(files, values, (text, changes) => {
      const after = trySetting(text, changes);
      if (after === undefined) return;
      const kept = text.split(/\r?\n/).filter((line) => !mentions(line, changes));
      const left = after.split(/\r?\n/);
      const inOrder = kept.every((line) => {
        const at = left.indexOf(line);
        left.splice(0, at + 1);
        return at >= 0;
      });
      // A value of several lines goes as a whole, and so does a quoted one that begins on the next line.
      const spansLines =
        /[=:]\s*\n\s*['"`]/.test(text) || Object.values(parse(text)).some((value) => value.includes('\n'));
      if (!spansLines) expect(inOrder).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

function mentions(line: string, changes: Record<string, string>): boolean {
  return Object.keys(changes).some((name) => line.includes(name)) || line === '';
}

test('setting the same value again changes nothing', () => {
  fc.assert(
    fc.property(files, values, (text, changes) => {
      const once = trySetting(text, changes);
      if (once !== undefined) expect(setInEnvText(once, changes)).toBe(once);
    }),
  );
});

test('in a file of plain assignments and comments, everything can be set', () => {
  const tidy = fc.array(
    fc.oneof(
      names.map((name) => `${name}=x`),
      examples,
      fc.constant(''),
    ),
  );
  fc.assert(
    fc.property(tidy, values, (lines, changes) => {
      // What has both quotation marks, or ends so that it hides its own, is for a person to write.
      const sayable = Object.values(changes).every((value) => !/'.*"|".*'|\\$/.test(value));
      fc.pre(sayable);
      const text = lines.join('\n');
      expect(parse(setInEnvText(text, changes))).toEqual({ ...parse(text), ...changes });
    }),
    { numRuns: 1000 },
  );
});

describe('a variable', () => {
  it.each([
    ['is added at the end', 'PORT=1\n', 'PORT=1\nAGENTS=Bob\n'],
    ['is added to a file that does not end its last line', 'PORT=1', 'PORT=1\nAGENTS=Bob\n'],
    [
      'is added below its example',
      '# Who:\n# AGENTS=Al\n\nPORT=1\n',
      '# Who:\n# AGENTS=Al\nAGENTS=Bob\n\nPORT=1\n',
    ],
    ['keeps the comment behind it', 'AGENTS=Al # the boss\n', 'AGENTS=Bob # the boss\n'],
    ['keeps "export"', 'export AGENTS="Al"\nPORT=1\n', 'export AGENTS=Bob\nPORT=1\n'],
    ['is changed where it counts: the last one', 'AGENTS=Al\nAGENTS=Cy\n', 'AGENTS=Al\nAGENTS=Bob\n'],
    ['of several lines goes whole', 'AGENTS="Al\nCy" # two\nPORT=1\n', 'AGENTS=Bob # two\nPORT=1\n'],
    ['with # in quotes leaves nothing of the old value', "AGENTS='Al#1' # x\n", 'AGENTS=Bob # x\n'],
    ['has the line ends of the file', 'PORT=1\r\n', 'PORT=1\r\nAGENTS=Bob\r\n'],
    ['that has its value is not touched', " AGENTS = 'Bob'#\n", " AGENTS = 'Bob'#\n"],
    ['inside the value of another is not it', 'NOTE="\nAGENTS=Al\n"\n', 'NOTE="\nAGENTS=Al\n"\nAGENTS=Bob\n'],
    ['fills an empty one', 'AGENTS=\nPORT=1\n', 'AGENTS=Bob\nPORT=1\n'],
  ])('%s', (_name, before, after) => {
    expect(setInEnvText(before, { AGENTS: 'Bob' })).toBe(after);
  });

  it('hidden by an unclosed quotation mark is rejected, without quoting its value', () => {
    const text = 'NOTE="never closed\nPORT=1\n';
    expect(() => setInEnvText(text, { AGENTS: 'a" # secret' })).toThrow(/^AGENTS cannot be set/);
  });
});

describe('the file', () => {
  it('is created, readable only by its owner', () => {
    const path = join(emptyFolder(), '.env');
    writeEnvFile(path, { PORT: '1' });
    expect(parse(readFileSync(path))).toEqual({ PORT: '1' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('becomes readable only by its owner, and stays a symlink if it was one', () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'real'), '# mine\n', { mode: 0o644 });
    symlinkSync('real', join(folder, '.env'));
    writeEnvFile(join(folder, '.env'), { PORT: '1' });
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('# mine\nPORT=1\n');
    expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o600);
  });

  it('stays unchanged if it cannot be written', () => {
    expect(() => writeEnvFile(join(emptyFolder(), 'no/such/.env'), { PORT: '1' })).toThrow(
      /cannot be written \(ENOENT\)/,
    );
  });
});
