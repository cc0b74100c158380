/** A command that calls curl, for a POSIX shell: an option to a line. */
export function curlCommand(begin: string, options: readonly string[]): string {
  return [`curl ${begin}`, ...options].join(' \\\n  ');
}

/** One word of a POSIX shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
