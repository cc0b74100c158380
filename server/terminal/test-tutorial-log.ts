import { readFileSync } from 'node:fs';

/** What the terminal shows of the call in phone-to-app.events.json, as Vonage's tutorial prints it. */
export const tutorialLog = readFileSync(
  new URL('../../test/data/phone-to-app.log.txt', import.meta.url),
  'utf8',
);
