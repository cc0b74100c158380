/** Renews a token before it runs out, and says so when that cannot be done. */
export interface TokenSchedule {
  /** A token was granted that lives `expiresIn` seconds from now. */
  granted(expiresIn: number): void;
  stop(): void;
}

interface TokenScheduleOptions {
  /** Fetches and installs a new token; resolves with the seconds that it lives. */
  renew: () => Promise<number>;
  /** Whether another try is of no use. */
  isFinal: (error: unknown) => boolean;
  /** The token is running out, or never will be renewed; `error` is the last reason. Nothing more is tried. */
  onSpent: (error: unknown) => void;
  /** From 0 to 1. */
  random: () => number;
}

/** Part of a token's life after which it is renewed, and how much of it the pages of a company spread over. */
const RENEW_AT = 0.75;
const SPREAD = 0.05;

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

export function createTokenSchedule(options: TokenScheduleOptions): TokenSchedule {
  const { renew, isFinal, onSpent, random } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // An answer that comes after `stop` or after a newer grant belongs to nobody.
  let generation = 0;

  function granted(expiresIn: number): void {
    stop();
    const life = expiresIn * 1_000;
    const end = Date.now() + life;
    wait(life * (RENEW_AT - SPREAD * random()), FIRST_RETRY_MS, end);
  }

  function wait(ms: number, retry: number, end: number): void {
    timer = setTimeout(() => void attempt(retry, end), ms);
  }

  async function attempt(retry: number, end: number): Promise<void> {
    const mine = generation;
    try {
      const expiresIn = await renew();
      if (mine === generation) {
        granted(expiresIn);
      }
    } catch (error) {
      if (mine !== generation) {
        return;
      }
      const pause = retry * (0.5 + random() / 2);
      if (isFinal(error) || Date.now() + pause >= end) {
        stop();
        onSpent(error);
      } else {
        wait(pause, Math.min(retry * 2, LONGEST_RETRY_MS), end);
      }
    }
  }

  function stop(): void {
    generation += 1;
    clearTimeout(timer);
  }

  return { granted, stop };
}
