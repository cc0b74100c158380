import type { PeerConnection, SessionDescription } from '@roamhq/wrtc';

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
