/** Why setup cannot go on: in which step, and what whoever runs it can do about it. Holds no secret. */
export class SetupTrouble extends Error {
  /** What it was about, as in "the number" or "step 3 of 5". */
  readonly step: string;
  /** What to do now, one line each. */
  readonly remedies: readonly string[];

  constructor(step: string, why: string, ...remedies: string[]) {
    super(why);
    this.step = step;
    this.remedies = remedies;
  }
}

/** Whoever was asked went away. */
export class Cancelled extends Error {}
