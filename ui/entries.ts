/** The entries of a record with known keys, typed as such. */
export function entriesOf<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  const isKey = (key: string): key is Key => Object.hasOwn(record, key);
  return Object.keys(record)
    .filter(isKey)
    .map((key) => [key, record[key]]);
}
