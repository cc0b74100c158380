/** Most levels of arrays and objects in JSON: far more than any API takes, and few enough for every program. */
const MOST_LEVELS = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]); // [ {
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]); // ] }

/** Whether JSON has more levels than are taken. What walks it level by level would run out of stack. */
export function isTooDeep(json: Buffer): boolean {
  let levels = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.has(byte)) levels += 1;
    else if (CLOSING.has(byte)) levels -= 1;
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}

/** For `verify` of Express's body parser: refuses a body that is too deep with 400. */
export function refuseDeep(_request: unknown, _response: unknown, body: Buffer): void {
  if (!isTooDeep(body)) return;
  throw Object.assign(new Error(`The body has more than ${MOST_LEVELS} levels of arrays and objects.`), {
    status: 400,
  });
}
