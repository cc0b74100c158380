import { effect } from '@preact/signals';

/** Resolves when `isSo`, which reads signals, is true; rejects when `left` is aborted first. */
export function until(isSo: () => boolean, left?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = effect(() => {
    if (isSo()) {
      resolve();
    }
  });
  left?.addEventListener('abort', () => reject(left.reason));
  if (left?.aborted) {
    reject(left.reason);
  }
  return promise.finally(stop);
}
