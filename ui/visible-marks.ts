/** Invisible characters that change the direction of text. */
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with each of these characters as an escape, such as `\u202e`, so that it cannot disguise a number
 * or a name. In JSON, the escape means the character itself.
 */
export function visibleMarks(text: string): string {
  return text.replace(MARKS, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
