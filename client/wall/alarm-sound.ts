/** A short double tone for new alarms, as long as it is switched on. */
export interface AlarmSound {
  /** To be called in a click: browsers allow sound only then. Resolves with whether it can be heard. */
  switchOn(): Promise<boolean>;
  switchOff(): void;
  play(): void;
}

/** Hertz, and seconds after the beginning. */
const NOTES = [
  { hz: 740, at: 0 },
  { hz: 587, at: 0.18 },
] as const;
const LENGTH = 0.32;
const LOUDNESS = 0.2;

export function createAlarmSound(createContext: () => AudioContext): AlarmSound {
  let context: AudioContext | null = null;

  function play(): void {
    if (context?.state !== 'running') return;
    for (const { hz, at } of NOTES) {
      const begin = context.currentTime + at;
      const tone = new OscillatorNode(context, { frequency: hz, type: 'sine' });
      const level = new GainNode(context, { gain: 0 });
      level.gain.setValueAtTime(0, begin);
      level.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.01);
      level.gain.exponentialRampToValueAtTime(0.001, begin + LENGTH);
      tone.connect(level).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + LENGTH);
    }
  }

  return {
    async switchOn() {
      try {
        context ??= createContext();
        await context.resume();
      } catch {
        return false;
      }
      play();
      return context.state === 'running';
    },
    switchOff() {
      void context?.close();
      context = null;
    },
    play,
  };
}
