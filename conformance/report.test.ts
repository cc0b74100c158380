import { expect, test } from 'vitest';
import type { Outcome } from './belief.ts';
import { markdownOf, summaryOf } from './report.ts';

const outcome = (id: string, verdict: Outcome['verdict']): Outcome => ({
  id,
  sentence: 'A | B\nis so',
  source: 'assumed',
  verdict,
  seen: 'x',
  steps: [{ at: 1.5, what: `PUT ${id}` }],
});
const outcomes = [outcome('first', 'same'), outcome('second', 'different'), outcome('third', 'not tried')];

test('the summary counts each verdict', () => {
  expect(summaryOf(outcomes)).toBe('1 same, 1 different, 1 not tried.');
});

test('the page has a row for each belief, and the steps of those that are not the same', () => {
  const page = markdownOf({ platform: 'Vonage', pages: 'wire', began: 'a', ended: 'b', outcomes });
  expect(page).toContain('| `first` | A \\| B is so | assumed | x | same |');
  expect(page).toContain('| `second` | A \\| B is so | assumed | x | DIFFERENT |');
  expect(page).not.toContain('PUT first');
  expect(page).toContain('## second\n\n- 1.50 s: PUT second');
});
