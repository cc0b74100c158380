import type { MicrophoneFault } from './phone-state.ts';

export type Microphone = { ok: true; stream: MediaStream } | { ok: false; fault: MicrophoneFault };

/** Passes tones and music unchanged, and only cancels the echo of the loudspeaker. */
const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: false };

/**
 * Requests the microphone. `devices` is `navigator.mediaDevices`, which is missing on pages that are
 * neither https nor on localhost.
 */
export async function askMicrophone(
  devices: Pick<MediaDevices, 'getUserMedia'> | undefined,
): Promise<Microphone> {
  if (devices === undefined) return { ok: false, fault: 'insecure' };
  try {
    return { ok: true, stream: await devices.getUserMedia({ audio: SOUND }) };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}

/** The errors of getUserMedia: https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia */
function faultOf(error: unknown): MicrophoneFault {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  return 'busy';
}
