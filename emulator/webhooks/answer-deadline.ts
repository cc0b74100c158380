import type { Dispatcher } from 'undici';

/** Limits how long an answer takes, from the moment at which the connection is there. */
export interface AnswerDeadline {
  /** To be put before the dispatcher: sees when the request goes out. */
  watch: Dispatcher.DispatcherComposeInterceptor;
  /** Aborted, by a `TimeoutError`, when the time is up. */
  readonly signal: AbortSignal;
  /** The whole answer is there, or nobody waits for it any more. */
  end(): void;
}

/**
 * @param ms that the whole answer may take. The connection has a limit of its own, which does not count here.
 * @param onStart called when the connection is there and the request goes out
 */
export function createAnswerDeadline(ms: number, onStart: () => void = () => {}): AnswerDeadline {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    clearTimeout(timer);
    // By way of an immediate: an answer that came in while the process was busy is in time.
    timer = setTimeout(() => setImmediate(giveUp), ms);
  };
  const giveUp = () => late.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
  return {
    watch: (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          begin();
          onStart();
          handler.onRequestStart?.(controller, context);
        },
        onRequestUpgrade: (...upgrade) => handler.onRequestUpgrade?.(...upgrade),
        onResponseStart: (...start) => handler.onResponseStart?.(...start),
        onResponseData: (...data) => handler.onResponseData?.(...data),
        onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
        onResponseError: (...error) => handler.onResponseError?.(...error),
      }),
    signal: late.signal,
    end: () => clearTimeout(timer),
  };
}
