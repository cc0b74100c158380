import { messageOf } from './message-of.ts';
import type { HeldMicrophone } from './microphone.ts';
import type { Phone } from './phone.ts';

interface CallMicrophoneOptions {
  phone: Pick<Phone, 'watchMicrophone' | 'replaceMicrophone'>;
  callId: string;
  /** Opens the microphone that the agent uses. */
  hold: () => Promise<HeldMicrophone>;
  /** Runs `look` whenever a device comes or goes. Returns how to stop. */
  onDevices: (look: () => void) => () => void;
  /** Whether the agent chose a device: the platform's SDK opens the system's own choice. */
  isChosen: () => boolean;
  /** Runs `swap` whenever the agent chooses another device. Returns how to stop. */
  onChoice: (swap: () => void) => () => void;
  onChange: (state: 'lost' | 'back' | 'steady') => void;
  log: (text: string) => void;
}

/** Devices are not always announced: the microphone is tried again after this time as well (milliseconds). */
const RETRY_MS = 3_000;

/** How long the page says that the microphone works again (milliseconds). */
const SHOWN_MS = 6_000;

/**
 * Keeps a microphone in a call: when its device goes away, the next one that works replaces it, and the page
 * is told of both. A device that the agent chooses replaces it, too. Returns a function that stops this.
 */
export function keepMicrophone(options: CallMicrophoneOptions): () => void {
  const { phone, callId, hold, onChange, log } = options;
  let held: HeldMicrophone | null = null;
  let isLost = false;
  let isTrying = false;
  let isClosed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let shown: ReturnType<typeof setTimeout> | undefined;
  let stopWatching = watch();

  function watch(): () => void {
    return phone.watchMicrophone(callId, (works) => (works ? back() : lost()));
  }

  function lost(): void {
    if (!isLost) {
      isLost = true;
      clearTimeout(shown);
      log(`microphone: lost in ${callId}`);
      onChange('lost');
    }
    void replace();
  }

  function back(): void {
    if (isLost) {
      isLost = false;
      clearTimeout(retry);
      log(`microphone: works again in ${callId}`);
      onChange('back');
      shown = setTimeout(() => onChange('steady'), SHOWN_MS);
    }
  }

  async function replace(wanted = isLost): Promise<void> {
    if (!wanted || isTrying || isClosed) {
      return;
    }
    isTrying = true;
    clearTimeout(retry);
    try {
      const next = await hold();
      if (isClosed) {
        next.release();
        return;
      }
      stopWatching();
      await phone.replaceMicrophone(callId, next.track);
      held?.release();
      held = next;
      stopWatching = watch();
      if (!next.track.muted) {
        back();
      }
    } catch (error) {
      log(`microphone: ${messageOf(error)}`);
    } finally {
      isTrying = false;
      if (isLost && !isClosed) {
        retry = setTimeout(() => void replace(), RETRY_MS);
      }
    }
  }

  const stops = [options.onDevices(() => void replace()), options.onChoice(() => void replace(true))];
  void replace(options.isChosen());
  return () => {
    isClosed = true;
    clearTimeout(retry);
    clearTimeout(shown);
    stopWatching();
    for (const stop of stops) {
      stop();
    }
    held?.release();
  };
}
