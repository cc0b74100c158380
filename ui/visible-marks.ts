/** Characters that one cannot see, and that turn around the text beside them. */
const MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The same text with each character that changes the direction of writing as an escape, such as `\u202e`: a number
 * or a name that holds one would otherwise show as another. In JSON, the escape means the character itself.
 */
export function visibleMarks(text: string): string {
  return text.replace(MARKS, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
