/** Prints figures, with a verdict if there is a target. */
export interface Figures {
  title(text: string): void;
  /** @param value with its unit. */
  figure(name: string, value: string): void;
  /** A target that must be met, or the run fails. */
  must(name: string, value: string, isMet: boolean, bar: string): void;
  /** A target that a slower or busy machine may miss. */
  should(name: string, value: string, isMet: boolean, bar: string): void;
  readonly failed: boolean;
}

export function createFigures(print: (line: string) => void = console.log): Figures {
  let failed = false;
  const line = (name: string, value: string, verdict = '') =>
    print(`  ${name.padEnd(46)}${value.padStart(34)}${verdict}`.trimEnd());
  const verdict = (isMet: boolean, bar: string) => `   ${bar}: ${isMet ? 'ok' : 'MISSED'}`;
  return {
    title: (text) => print(`\n${text}`),
    figure: (name, value) => line(name, value),
    must(name, value, isMet, bar) {
      failed ||= !isMet;
      line(name, value, verdict(isMet, bar));
    },
    should: (name, value, isMet, bar) => line(name, value, verdict(isMet, bar)),
    get failed() {
      return failed;
    },
  };
}

/** The quantile of the values. @param sorted smallest first */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
