// Control characters, line and paragraph separators, lone surrogates, and invisible characters that reorder
// or hide text. In a terminal, each can forge a line or disguise the text.
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// Matches nearly every text at a tenth of the cost.
const harmless = /^[ -~]*$/;
const harmlessLines = /^[\n -~]*$/;

/** One line of text with all deceptive characters escaped. */
export function printable(text: string): string {
  return escapeDeceptive(text.replaceAll('\\', '\\\\'));
}

/**
 * Like `printable`, for text that already uses backslash escapes, such as JSON. Characters in `keep` stay
 * unchanged.
 */
export function escapeDeceptive(text: string, keep = ''): string {
  if ((keep.includes('\n') ? harmlessLines : harmless).test(text)) return text;
  return text.replace(deceptive, (character) => {
    if (keep.includes(character)) return character;
    const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    return `\\u${units.join('\\u')}`;
  });
}
