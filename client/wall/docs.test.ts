import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { entriesOf } from '../../ui/entries.ts';
import { wallEn } from '../strings/wall-en.ts';
import { FIRST_FIGURES, MORE_FIGURES } from './figures.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/supervisor.md'), 'utf8');

/** The rows of the table below a heading, each with its cells. */
function tableBelow(heading: string): string[][] {
  const [, section = ''] = docs.split(`\n## ${heading}\n`);
  const [part = ''] = section.split('\n## ');
  const rows = part.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('docs/supervisor.md names each figure that there is, in the order of the wall, and no other', () => {
  const named = tableBelow('Figures').map(([name, api]) => [name, api]);
  const shown = [...FIRST_FIGURES, ...MORE_FIGURES].map((name) => [wallEn.figures.name[name], `\`${name}\``]);
  expect(named).toEqual(shown);
});

it('docs/supervisor.md says of each figure what the wall says', () => {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  const wrong = tableBelow('Figures').filter(([, api = '', meaning = '']) => {
    const [, said = ''] = entriesOf(wallEn.figures.meaning).find(([name]) => `\`${name}\`` === api) ?? [];
    const [first = ''] = plain(meaning).split(';');
    return !plain(said).replace('. ', '; ').startsWith(first);
  });
  expect(wrong).toEqual([]);
});

it('docs/supervisor.md names each state of an agent, in the order of the wall', () => {
  expect(tableBelow('Agents').map(([state]) => state)).toEqual(Object.values(wallEn.agents.state));
});

it('docs/supervisor.md names each action of the wall', () => {
  const { barge, listen, whisper } = wallEn.manage.modes;
  const { endCall, endWrapUp, leave, signOut, toFront } = wallEn.manage;
  const actions = tableBelow('What a supervisor can do').map(([action]) => action);
  expect(actions).toEqual(
    expect.arrayContaining([listen, whisper, barge, leave, endWrapUp, signOut, toFront, endCall]),
  );
});
