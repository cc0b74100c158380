import type { PeerConnection, SessionDescription } from '@roamhq/wrtc';

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

/** After the first candidate (2 ms) the others follow within one more. */
const SETTLE_MS = 10;
const GIVE_UP_MS = 2000;

/**
 * Sets a local description and returns its SDP with our addresses in it. wrtc calls its search complete only
 * after 105 ms, because it waits 100 ms before it looks for TCP addresses; nobody needs those.
 * @throws Error when this machine has no address at all.
 */
export async function describe(connection: PeerConnection, description: SessionDescription): Promise<string> {
  const found = candidatesFound(connection);
  await connection.setLocalDescription(description);
  await found;
  const sdp = connection.localDescription?.sdp ?? '';
  if (!sdp.includes('\na=candidate:'))
    throw new Error('This machine has no network address to offer, not even loopback');
  return sdp;
}

function candidatesFound(connection: PeerConnection): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(finish, GIVE_UP_MS);
    function finish(): void {
      clearTimeout(timer);
      connection.onicecandidate = null;
      connection.onicegatheringstatechange = null;
      resolve();
    }
    connection.onicecandidate = () => {
      connection.onicecandidate = null;
      clearTimeout(timer);
      timer = setTimeout(finish, SETTLE_MS);
    };
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') finish();
    };
  });
}
