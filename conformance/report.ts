import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './belief.ts';

/** A run, as it is written to a file. */
export interface Report {
  /** What it ran on, in words. */
  platform: string;
  /** How app users were played. */
  pages: 'wire' | 'browser';
  /** ISO times. */
  began: string;
  ended: string;
  /** Why it did not run to its end; absent: it did. */
  stopped?: string;
  outcomes: Outcome[];
}

const SIGNS: Record<Outcome['verdict'], string> = {
  same: 'same',
  different: 'DIFFERENT',
  'not tried': 'not tried',
};

/** One line for each belief, as it is decided. */
export function lineOf({ id, verdict, seen }: Outcome): string {
  return `  ${SIGNS[verdict].padEnd(10)} ${id.padEnd(28)} ${seen}`;
}

/** The result in one sentence. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome['verdict']) => outcomes.filter((one) => one.verdict === verdict).length;
  return `${count('same')} same, ${count('different')} different, ${count('not tried')} not tried.`;
}

/** The report as a page with a table, and below it the steps of whatever is not the same. */
export function markdownOf({ platform, pages, began, ended, stopped, outcomes }: Report): string {
  const row = ({ id, sentence, source, seen, verdict }: Outcome) =>
    `| \`${id}\` | ${cell(sentence)} | ${cell(source)} | ${cell(seen)} | ${SIGNS[verdict]} |`;
  const open = outcomes.filter(({ verdict, steps }) => verdict !== 'same' && steps.length > 0);
  return [
    `# Conformance of ${platform}`,
    '',
    `${summaryOf(outcomes)} From ${began} to ${ended}; app users: ${pages === 'browser' ? 'the Client SDK in a browser' : 'the protocol of the Client SDK'}.`,
    ...(stopped === undefined ? [] : ['', `Stopped: ${stopped}`]),
    '',
    '| id | belief | source | seen | result |',
    '|---|---|---|---|---|',
    ...outcomes.map(row),
    ...open.flatMap(({ id, steps }) => [
      '',
      `## ${id}`,
      '',
      ...steps.map(({ at, what }) => `- ${at.toFixed(2)} s: ${what}`),
    ]),
    '',
  ].join('\n');
}

/** Writes a report as JSON and as Markdown. @returns their paths, without the ending */
export function writeReport(report: Report, folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${path}.md`, markdownOf(report));
  return path;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
