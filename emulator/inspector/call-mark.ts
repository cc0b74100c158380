/** How a call is told from others at a glance: a hue (degrees) and the end of its id. */
export interface CallMark {
  hue: number;
  tag: string;
}

/** The same for the same id, always. */
export function markOf(call: string): CallMark {
  let hash = 0;
  for (const letter of call) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  // Steps of 24 degrees are as many colours as an eye tells apart.
  return { hue: ((hash >>> 0) % 15) * 24, tag: call.slice(-4) };
}
