/** A page's words in the first language that there is among BCP 47 tags such as `es-MX`, else in the first of all. */
export function chooseStrings<Strings extends { language: string }>(
  all: readonly [Strings, ...Strings[]],
  preferred: readonly string[],
): Strings {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-', 1)[0];
    const found = all.find(({ language }) => language === primary);
    if (found) return found;
  }
  return all[0];
}
