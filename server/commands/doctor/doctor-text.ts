import { styleText } from 'node:util';
import type { Finding } from './checks.ts';

const MARKS = { good: '✓', warning: '!', fault: '✗', 'not checked': '?' } as const;
const COLOURS = { good: 'green', warning: 'yellow', fault: 'red', 'not checked': 'yellow' } as const;

/** The doctor's output: each finding with its remedy, and a summary. Ends with a line break. */
export function doctorText(findings: readonly Finding[], colours: boolean): string {
  const width = Math.max(...findings.map((one) => one.about.length)) + 2;
  const lines = findings.flatMap(({ about, state, words, remedy }) => {
    const mark = colours ? styleText(COLOURS[state], MARKS[state], { validateStream: false }) : MARKS[state];
    const line = `  ${mark} ${about.padEnd(width)}${words}`;
    return remedy === undefined ? [line] : [line, `    ${' '.repeat(width)}→ ${remedy}`];
  });
  return ['', ...lines, '', `  ${sumOf(findings)}`, '', ''].join('\n');
}

/** The summary: whether calls work. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return !findings.some((one) => one.state === 'fault');
}

function sumOf(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const faults = count('fault');
  const others = count('warning') + count('not checked');
  const warnings = others === 0 ? '' : ` ${others} ${others === 1 ? 'warning' : 'warnings'}.`;
  if (faults === 0) return `No problems found.${warnings}`;
  return `${faults} ${faults === 1 ? 'problem' : 'problems'}: calls will not work correctly.${warnings}`;
}
