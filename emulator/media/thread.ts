import { Worker } from 'node:worker_threads';

/** A thread that answers one question after the other. */
export interface Thread<Question, Reply> {
  /** Rejects when the thread is broken, or breaks over this question. */
  ask(question: Question): Promise<Reply>;
  /** Why it works no more; undefined while it does. */
  readonly broken: string | undefined;
  close(): Promise<void>;
}

interface ThreadOptions {
  program: URL;
  /** How long a question may take, in ms; then the thread is ended. */
  patienceMs: number;
  /** Words for an error that ended the thread. */
  explain?: (error: Error) => string;
}

/** Starts a thread; an idle one does not keep the process. */
export function startThread<Question, Reply>({
  program,
  patienceMs,
  explain = (error) => error.message,
}: ThreadOptions): Thread<Question, Reply> {
  const worker = new Worker(program);
  let broken: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let current: PromiseWithResolvers<Reply> | undefined;

  function fail(reason: string): void {
    broken ??= reason;
    current?.reject(new Error(broken));
  }

  worker.on('message', (reply: Reply) => {
    // Under "node --watch" Node itself reports here what the thread has imported.
    const isOfNode =
      typeof reply === 'object' && reply !== null && ('watch:import' in reply || 'watch:require' in reply);
    if (!isOfNode) current?.resolve(reply);
  });
  worker.on('error', (error: Error) => fail(explain(error)));
  worker.on('exit', () => fail('its thread ended'));
  // Last, for listening to its messages holds the process again: an idle thread does not, and for one that is
  // waited for the timer of `put` does.
  worker.unref();

  async function put(question: Question): Promise<Reply> {
    if (broken) throw new Error(broken);
    current = Promise.withResolvers<Reply>();
    const timer = setTimeout(() => {
      fail(`no reply within ${patienceMs / 1000} s`);
      worker.terminate();
    }, patienceMs);
    worker.postMessage(question);
    try {
      return await current.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    ask(question) {
      const result = turn.then(() => put(question));
      turn = result.catch(() => {});
      return result;
    },
    get broken() {
      return broken;
    },
    async close() {
      fail('it was closed');
      await worker.terminate();
    },
  };
}
