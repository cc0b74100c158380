// Controls, separators of lines and paragraphs, half characters, and the invisible marks that reorder
// or hide text: in a terminal each can forge a line or show another text than the one that was sent.
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// What nearly every text is made of, found out at a tenth of the cost.
const harmless = /^[ -~]*$/;
const harmlessLines = /^[\n -~]*$/;

/** One line of text in which everything that could deceive its reader is written as an escape. */
export function printable(text: string): string {
  return escapeDeceptive(text.replaceAll('\\', '\\\\'));
}

/**
 * As `printable`, for text whose backslashes are escapes already: JSON, literals of util.inspect.
 * Characters in `keep` stay as they are.
 */
export function escapeDeceptive(text: string, keep = ''): string {
  if ((keep.includes('\n') ? harmlessLines : harmless).test(text)) return text;
  return text.replace(deceptive, (character) => {
    if (keep.includes(character)) return character;
    const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    return `\\u${units.join('\\u')}`;
  });
}
