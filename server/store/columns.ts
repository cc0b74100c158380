/** How a column is read from JSON. */
export type ColumnType = 'text' | 'integer' | 'real';

export type Columns<Row> = Readonly<Record<keyof Row & string, ColumnType>>;

/** The names of columns, in the order in which they are listed. */
export function namesOf<Name extends string>(columns: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in columns) names.push(name);
  return names;
}
