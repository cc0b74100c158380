/**
 * Webhooks that are answered in the same turn of the event loop are answered together: each answer that is sent by
 * itself wakes the one who waits for it, and on a busy machine that costs more than all else that is done for it.
 */

let reading: Promise<void> | undefined;

/** Resolves when all that came in this turn of the event loop has been read, for all who wait at once. */
export function othersAreRead(): Promise<void> {
  reading ??= new Promise((resolve) => {
    setImmediate(() => {
      reading = undefined;
      resolve();
    });
  });
  return reading;
}

/** Resolves when all who went on at the same time as the one who asks have come as far. */
export function othersAreAnswered(): Promise<void> {
  return Promise.resolve();
}
