import { once } from 'node:events';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { Engine } from '../store/engine.ts';
import type { StorePlace } from '../store/store.ts';
import type { LogNews, Projector } from './projector.ts';

export interface ProjectorPlace extends StorePlace {
  writer: MessagePort | undefined;
}

export type ToProjector =
  | { do: 'added'; previous: number; newest: number }
  | { do: 'settle'; question: number }
  | { do: 'wake' | 'close' };

export type FromProjector = { settled: number } | { projected: number } | { replaced: number };

/** Milliseconds after which a thread that ended is begun anew. */
const RESTART_MS = 1_000;

/**
 * A projector in a thread of its own, so that making calls of events takes no time from answers to webhooks. It has its
 * own connections to the store, but for the one that writes where the engine shares that.
 * @param log told in a line of words when the thread ends; it is begun anew.
 */
export function startProjectorThread(
  { databaseUrl, dataDir }: StorePlace,
  engine: Engine,
  { news, replaced }: LogNews,
  log: (line: string) => void,
): Projector {
  const waiting = new Map<number, () => void>();
  let questions = 0;
  let closed = false;
  let worker: Worker | undefined = start();

  function start(): Worker {
    const writer = engine.shareWriter();
    const started = new Worker(new URL('./projector-worker.ts', import.meta.url), {
      workerData: { databaseUrl, dataDir, writer } satisfies ProjectorPlace,
      transferList: writer === undefined ? [] : [writer],
    });
    let fault: string | undefined;
    started.on('message', hear);
    started.on('error', (error: Error) => {
      fault = error.message;
    });
    started.on('exit', (code) => {
      worker = undefined;
      for (const resolve of waiting.values()) resolve();
      waiting.clear();
      if (closed) return;
      log(`The thread that makes calls of events ended: ${fault ?? `exit code ${code}`}. It is begun anew.`);
      setTimeout(() => {
        if (closed) return;
        worker = start();
        tell({ do: 'wake' });
      }, RESTART_MS);
    });
    return started;
  }

  function hear(message: FromProjector): void {
    if ('projected' in message) news(message.projected);
    else if ('replaced' in message) replaced(message.replaced);
    // Under "node --watch" Node itself reports here what the thread has imported.
    else if ('settled' in message) {
      waiting.get(message.settled)?.();
      waiting.delete(message.settled);
    }
  }

  function tell(task: ToProjector): void {
    worker?.postMessage(task);
  }

  return {
    added: (previous, newest) => tell({ do: 'added', previous, newest }),
    wake: () => tell({ do: 'wake' }),
    async settled() {
      if (worker === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      questions += 1;
      waiting.set(questions, resolve);
      tell({ do: 'settle', question: questions });
      await promise;
    },
    async close() {
      closed = true;
      if (worker === undefined) return;
      const ended = once(worker, 'exit');
      tell({ do: 'close' });
      await ended;
    },
  };
}
