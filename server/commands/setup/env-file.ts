import { existsSync, realpathSync } from 'node:fs';
import { parse } from 'dotenv';
import { readTextFile } from '../../config/load-config.ts';
import { writePrivately } from './write-privately.ts';

type Values = Readonly<Record<string, string>>;

/** The first line of a new file. */
const HEADING = '# Written by "npm run setup". Every setting is explained in .env.example.\n';

/**
 * Sets variables in an environment file, or creates it, and leaves everything else unchanged. The write is
 * atomic, and only the owner can read the file. Throws an Error with a readable message on failure.
 */
export function writeEnvFile(path: string, values: Values): void {
  const text = setInEnvText(readTextFile(path) ?? HEADING, values);
  // A symlink stays a symlink.
  writePrivately(existsSync(path) ? realpathSync(path) : path, text);
}

/**
 * The text of an environment file with these variables set. Everything else stays unchanged, including
 * variables that already have their value. Throws an Error without values if dotenv would not read the result
 * correctly.
 */
export function setInEnvText(text: string, values: Values): string {
  return Object.entries(values).reduce((before, [name, value]) => set(before, name, value), text);
}

function set(text: string, name: string, value: string): string {
  const before = parse(text);
  if (before[name] === value) return text;
  const meant = { ...before, [name]: value };
  for (const line of assignments(name, value)) {
    const candidates = name in before ? replaced(text, name, line) : added(text, name, line);
    for (const candidate of candidates) {
      // Verified with dotenv itself, because an unclosed quote further up could swallow a line.
      if (isSame(parse(candidate), meant)) return candidate;
    }
  }
  throw new Error(
    `${name} cannot be set in .env, perhaps because of an unclosed quotation mark. Correct the file, or set it by hand.`,
  );
}

/** `NAME=value`, as dotenv reads it: unquoted if possible, or else in each kind of quotes that can hold the value. */
function assignments(name: string, value: string): string[] {
  const quoted = [`'${value}'`, `"${value}"`, `\`${value}\``];
  const forms = /^[\w./:@,+~=\\-]+$/.test(value) ? [value] : quoted;
  const lines = forms.map((form) => `${name}=${form}`).filter((line) => parse(line)[name] === value);
  if (lines.length === 0) throw new Error(`${name} has a value that an environment file cannot hold.`);
  return lines;
}

/** The text with the effective assignment, the last one, replaced. A trailing comment stays. */
function* replaced(text: string, name: string, line: string): Generator<string> {
  const lines = linesOf(text);
  const old = parse(text)[name];
  for (let first = lines.length - 1; first >= 0; first -= 1) {
    const lead = new RegExp(`^\\s*(?:export\\s+)?(?=${inPattern(name)}(?![\\w.-]))`).exec(lines[first] ?? '');
    if (lead === null) continue;
    for (let last = first; last < lines.length; last += 1) {
      const span = lines.slice(first, last + 1).join('');
      if (parse(span)[name] !== old) continue;
      const end = /\r?\n?$/.exec(span)?.[0] ?? '';
      const comment = commentBehind(span.slice(0, span.length - end.length), name, old);
      yield [...lines.slice(0, first), `${lead[0]}${line}${comment}${end}`, ...lines.slice(last + 1)].join(
        '',
      );
      break;
    }
  }
}

/** The trailing comment of a value, with the space before it. */
function commentBehind(span: string, name: string, value: string | undefined): string {
  for (let at = span.indexOf('#'); at >= 0; at = span.indexOf('#', at + 1)) {
    if (parse(span.slice(0, at))[name] === value) return ` ${span.slice(at)}`;
  }
  return '';
}

/** The text with a new line: below its commented example, or else at the end. */
function* added(text: string, name: string, line: string): Generator<string> {
  const lines = linesOf(text);
  const end = lines.some((one) => one.endsWith('\r\n')) ? '\r\n' : '\n';
  const example = lines.findIndex((one) => new RegExp(`^#\\s*${inPattern(name)}\\s*=`).test(one));
  const at = example < 0 ? lines.length : example + 1;
  for (const place of new Set([at, lines.length])) {
    const before = lines.slice(0, place).join('');
    const gap = before === '' || before.endsWith('\n') ? '' : end;
    yield `${before}${gap}${line}${end}${lines.slice(place).join('')}`;
  }
}

/** The lines, including their line breaks. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function inPattern(name: string): string {
  return name.replaceAll('.', '\\.');
}

function isSame(one: Values, other: Values): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
