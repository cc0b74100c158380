/** Why setup cannot continue: the step, the reason and what to do. Contains no secret. */
export class SetupTrouble extends Error {
  /** Where setup stopped, such as "the number" or "step 3 of 5". */
  readonly step: string;
  /** What to do, one line each. */
  readonly remedies: readonly string[];

  constructor(step: string, why: string, ...remedies: string[]) {
    super(why);
    this.step = step;
    this.remedies = remedies;
  }
}

/** The person aborted a question. */
export class Cancelled extends Error {}
