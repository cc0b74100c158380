import type { Stage } from './stage.ts';

/** Something that is believed of Vonage's platform. */
export interface Belief {
  /** Stays the same from report to report. */
  id: string;
  sentence: string;
  /** A document or fixture, or `assumed` where nothing is published. */
  source: string;
  /** Tries it. Throws NotTried, by way of the stage, where it does not get as far as the question. */
  attempt(stage: Stage): Promise<Finding>;
}

export interface Finding {
  isSame: boolean;
  /** What was seen, in words. */
  seen: string;
}

/** A belief could not be tried; the message says why. */
export class NotTried extends Error {}

/** A belief after a run. */
export interface Outcome {
  id: string;
  sentence: string;
  source: string;
  verdict: 'same' | 'different' | 'not tried';
  /** What was seen, or why it was not tried. */
  seen: string;
  /** What was done and what came back, each with the seconds since its beginning. */
  steps: { at: number; what: string }[];
}
