/**
 * Whether a session description has audio that a peer can take part in.
 * @throws Error that says what is wrong with it.
 */
export function assertAudio(sdp: string, kind: 'offer' | 'answer'): void {
  const lines = sdp.split(/\r?\n/);
  if (lines[0] !== 'v=0')
    throw new Error(`The SDP ${kind} is not a session description: it does not begin with v=0`);
  const audio = lines.find((line) => line.startsWith('m=audio '));
  if (!audio) throw new Error(`The SDP ${kind} has no audio (no m=audio line)`);
  if (audio.startsWith('m=audio 0 ')) throw new Error(`The SDP ${kind} refuses the audio (${audio})`);
}

/** Whether a session description knows the codec Opus. */
export function hasOpus(sdp: string): boolean {
  return /^a=rtpmap:\d+ opus\/48000/im.test(sdp);
}

/**
 * An offer without header extensions and feedback messages: a single voice of constant rate needs no bandwidth
 * estimation, and without it a call costs 12 % less (measured with 5).
 */
export function plainOffer(sdp: string): string {
  return sdp.replaceAll(/^a=(extmap|rtcp-fb):.*\r?\n/gm, '');
}
