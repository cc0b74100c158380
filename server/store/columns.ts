/** How a column is read from JSON. */
export type ColumnType = 'text' | 'integer' | 'real';

export type Columns<Row> = Readonly<Record<keyof Row & string, ColumnType>>;

/** The names of columns, in the order in which they are listed. */
export function namesOf<Name extends string>(columns: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in columns) names.push(name);
  return names;
}

/**
 * What a row has in some columns, in their order. Not by "map": V8 may take its arrays for such with holes, and
 * sends these to another thread at three times the cost.
 */
export function valuesIn<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Row[Name][] {
  const values: Row[Name][] = [];
  for (const name of names) values.push(row[name]);
  return values;
}
