import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  escapeFormula,
  joinNotes,
  newNotes,
  quoted,
  readRow,
  separatorOf,
  unescapeFormula,
} from './csv.ts';

describe('the header of a file', () => {
  it.each([
    [
      ['Number', 'Name', 'Company', 'Link', 'Notes'],
      ['number', 'name', 'company', 'link', 'notes'],
    ],
    [
      ['Teléfono', 'Nombre', 'Apellidos', 'Compañía', 'Enlace', 'Notas'],
      ['number', 'name', 'surname', 'company', 'link', 'notes'],
    ],
    [
      ['PHONE_NUMBER', ' full-name ', 'Birthday'],
      ['number', 'name', undefined],
    ],
    // A second column of the same kind is not understood.
    [
      ['Phone', 'Mobile'],
      ['number', undefined],
    ],
  ])('%j is understood', (headers, columns) => {
    expect(columnsOf(headers)).toEqual(columns);
  });

  it.each([
    ['number,name', ',', 0],
    ['número;nombre', ';', 0],
    ['number\tname', '\t', 0],
    ['"number, or phone";name;company', ';', 0],
    ['sep=;\nnumber;name', ';', 1],
    ['number', ',', 0],
  ])('%j shows the separator', (text, separator, skipLines) => {
    expect(separatorOf(text)).toEqual({ separator, skipLines });
  });
});

describe('a formula', () => {
  it.each(['=1+1', '+1', '-1', '@cmd', '\tx', '\n=1', '＝1+1', '＋1', '－1', '＠cmd', "'=1"])(
    '%j is escaped',
    (cell) => {
      expect(escapeFormula(cell)).toBe(`'${cell}`);
    },
  );

  it('and any other text survive escaping and its undoing', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^['=+\-@＝\n]{1,3}x?$/));
    fc.assert(fc.property(cell, (text) => unescapeFormula(escapeFormula(text)) === text));
  });

  it('is no formula in the middle, and an apostrophe before other text stays', () => {
    expect(escapeFormula('a=1')).toBe('a=1');
    expect(unescapeFormula("'tis")).toBe("'tis");
  });
});

it('a cell with separators, quotation marks, line breaks or spaces at its ends is quoted', () => {
  expect(['a,b', 'a"b', 'a\nb', ' a', 'a;b', 'ab'].map(quoted)).toEqual([
    '"a,b"',
    '"a""b"',
    '"a\nb"',
    '" a"',
    '"a;b"',
    'ab',
  ]);
});

describe('the notes of a cell', () => {
  it('that a contact has already are no news, in whatever order', () => {
    expect(newNotes(joinNotes(['one', 'two']), ['one', 'two'])).toEqual([]);
    expect(newNotes('two\r\n\r\n---\r\n\r\none', ['one', 'two'])).toEqual([]);
    expect(newNotes(joinNotes(['one', 'three']), ['one', 'two'])).toEqual(['three']);
  });

  it('may contain what separates notes', () => {
    const note = 'above\n\n---\n\nbelow';
    expect(newNotes(joinNotes([note]), [note])).toEqual([]);
  });
});

describe('a row', () => {
  const columns = columnsOf(['number', 'name', 'surname', 'link', 'notes']);
  const read = (...cells: string[]) =>
    readRow(cells, columns, (text) => (/^\+?\d+$/.test(text) ? text.replace('+', '') : undefined));

  it('becomes a contact', () => {
    expect(read('+441', ' Ada ', 'Lovelace', '', "'=cmd|' /C calc'!A0")).toEqual({
      number: '441',
      name: 'Ada Lovelace',
      company: null,
      link: null,
      notes: "=cmd|' /C calc'!A0",
    });
  });

  it.each([
    [['', 'Ada'], 'no-number', 'Ada'],
    [['none', 'Ada'], 'not-a-number', 'none'],
    [['441', 'A'.repeat(201)], 'too-long', 'A'.repeat(60)],
    [['441', '', '', 'javascript:alert(1)'], 'not-a-link', 'javascript:alert(1)'],
    [['441', '', '', '', 'n'.repeat(10_001)], 'too-long', 'n'.repeat(60)],
  ])('%j is refused', (cells, reason, value) => {
    expect(read(...cells)).toEqual({ reason, value });
  });

  it.each(['n'.repeat(10_000), '<script>alert(1)</script>', '👩‍🚀 ñ \n second line '])(
    'keeps the note %j as it is',
    (text) => {
      expect(read('441', '', '', '', text)).toMatchObject({ notes: text });
    },
  );
});
