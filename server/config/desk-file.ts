import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { DeskBasis, DeskSettings } from '../../domain/desk/built-in.ts';
import { readDeskFile } from '../../domain/desk/desk-file.ts';
import { type DeskFault, plain } from '../../domain/desk/desk-file-value.ts';
import { readTextFile } from './load-config.ts';

export type DeskReading = { ok: true; desk: DeskSettings } | { ok: false; faults: readonly string[] };

/** Maximum size of a desk file in bytes. */
const LARGEST_FILE = 1_048_576;
/** Faults that are told; the rest is counted. */
const MOST_FAULTS = 50;
/** How often the content of an anchor may be used in all. */
const MOST_ALIASES = 100;

/** Reads a desk file, or tells everything that is wrong with it, one line each. */
export function loadDeskFile(file: string, basis: DeskBasis): DeskReading {
  const text = textOf(file);
  if (!text.ok) return { ok: false, faults: [text.fault] };
  return parseDeskText(text.text, file, basis);
}

/** Identifies what a desk file means, to compare servers. */
export function fingerprint(desk: DeskSettings): string {
  return createHash('sha256').update(JSON.stringify(desk)).digest('hex').slice(0, 16);
}

function textOf(file: string): { ok: true; text: string } | { ok: false; fault: string } {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { ok: false, fault: `${file} does not exist` };
    if (stats.size > LARGEST_FILE) {
      const megabytes = (stats.size / LARGEST_FILE).toFixed(1);
      return { ok: false, fault: `${file} must have at most 1 MB, but has ${megabytes} MB` };
    }
    // A pipe would be waited for, and a device has no end.
    if (!stats.isFile() && !stats.isDirectory())
      return { ok: false, fault: `${file} must be a regular file` };
    return { ok: true, text: readTextFile(file) ?? '' };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** @param file its name in the faults */
export function parseDeskText(text: string, file: string, basis: DeskBasis): DeskReading {
  try {
    return readYaml(text, file, basis);
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, faults: [`${file} is nested too deeply`] };
    if (!(error instanceof ReferenceError)) throw error;
    return { ok: false, faults: [`${file} repeats its anchors (&) too often`] };
  }
}

interface LineFault {
  line: number;
  text: string;
}

function readYaml(text: string, file: string, basis: DeskBasis): DeskReading {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    // Looked for below: here it would take a time that grows with the square of their number.
    uniqueKeys: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.some(({ message }) => /call stack/.test(message))) throw new RangeError();
  const inSyntax = document.errors.map(({ message, pos, code }) => ({
    line: lineAt(pos[0]),
    text:
      code === 'MULTIPLE_DOCS'
        ? 'the file must have no second document after ---'
        : `is not YAML: ${message}`,
  }));
  inSyntax.push(...unknownAnchors(document, lineAt));
  // What follows a fault in the same line is mostly a consequence of it.
  const firstOfLine = new Map(inSyntax.toReversed().map((fault) => [fault.line, fault]));
  if (inSyntax.length > 0) return inWords([...firstOfLine.values()], file);
  const read = readDeskFile(document.toJS({ maxAliasCount: MOST_ALIASES }), basis);
  const inYaml = [
    ...document.warnings.map(({ pos }) => ({ line: lineAt(pos[0]), text: 'tags (!) are not used here' })),
    ...wrongKeys(document, lineAt),
  ];
  if (read.ok && inYaml.length === 0) return read;
  const inFields = (read.ok ? [] : read.faults).map(({ path, message }) => ({
    line: lineAt(offsetOf(document, path)),
    text: `${pathText(path)} ${message}`,
  }));
  return inWords([...inYaml, ...inFields], file);
}

function unknownAnchors(document: Document.Parsed, lineAt: (offset: number) => number): LineFault[] {
  const faults: LineFault[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const name = plain(alias.source);
      faults.push({
        line: lineAt(alias.range?.[0] ?? 0),
        text: `*${name} needs an anchor &${name} before it; to write a text or key that begins with *, put it in quotes`,
      });
    },
  });
  return faults;
}

/** Keys that are there twice, of which one would be lost, and keys that are no names. */
function wrongKeys(document: Document.Parsed, lineAt: (offset: number) => number): LineFault[] {
  const faults: LineFault[] = [];
  visit(document, {
    Map(_key, { items, range }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) {
          faults.push({ line: lineAt(range?.[0] ?? 0), text: 'a key must be a name or a number' });
          continue;
        }
        const name = String(key.value);
        // What reads the fields would leave it out without a word.
        if (name === '__proto__') {
          faults.push({ line: lineAt(key.range?.[0] ?? 0), text: '__proto__ cannot be a name here' });
        }
        if (seen.has(name)) {
          const text = `${plain(name)} must not be there twice: rename or remove one of them`;
          faults.push({ line: lineAt(key.range?.[0] ?? 0), text });
        }
        seen.add(name);
      }
    },
  });
  return faults;
}

/** The place of what a path leads to; of a field that is missing, the place where it belongs. */
function offsetOf(document: Document.Parsed, path: DeskFault['path']): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    const found = isMap(node)
      ? node.items.findLast((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const item: unknown = isSeq(node) && typeof key === 'number' ? node.items[key] : found?.key;
    if (!isNode(item)) break;
    offset = item.range?.[0] ?? offset;
    node = isSeq(node) ? item : found?.value;
  }
  return offset;
}

/** `queues.main.agents[0]` */
function pathText(path: DeskFault['path']): string {
  if (path.length === 0) return 'the file';
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${plain(part)}`));
  return parts.join('').replace(/^\./, '');
}

function inWords(faults: readonly LineFault[], file: string): DeskReading {
  const sorted = faults.toSorted((a, b) => a.line - b.line);
  const told = sorted.slice(0, MOST_FAULTS).map(({ line, text }) => `${file}:${line} ${text}`);
  const more = sorted.length - told.length;
  return { ok: false, faults: more > 0 ? [...told, `${file} has ${more} more faults`] : told };
}
