/** People write their names in any case; where two agents differ in nothing else, it counts. */
export function namedAgent(written: string, names: Iterable<string>): string {
  const name = written.trim();
  const alike = [...names].filter((other) => other.toLowerCase() === name.toLowerCase());
  const [only, ...others] = alike;
  return only !== undefined && others.length === 0 ? only : name;
}
