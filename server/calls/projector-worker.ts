import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../store/store.ts';
import { createProjector, type Projector } from './projector.ts';
import type { FromProjector, ProjectorPlace, ToProjector } from './projector-thread.ts';

/** The thread in which the calls are made to tell of what is in the log. */

if (parentPort === null) throw new Error('This program runs in a thread of its own.');
const port = parentPort;
const say = (message: FromProjector) => port.postMessage(message);

const place: ProjectorPlace = workerData;

goLast();
const projecting = open();
// Without a writer this thread is of no use; it is begun anew with another one.
place.writer?.once('close', () => process.exit());

port.on('message', async (task: ToProjector) => {
  const { projector, store } = await projecting;
  switch (task.do) {
    case 'added':
      return projector.added(task.previous, task.newest);
    case 'wake':
      return projector.wake();
    case 'settle':
      await projector.settled();
      return say({ settled: task.question });
    case 'close':
      await projector.close();
      await store.close();
      return port.close();
  }
});

async function open() {
  // Whoever adds to the log tells when the store fails.
  const store = await openStore({ ...place, log: () => {} });
  const projector: Projector = createProjector(store, {
    news: (projected) => say({ projected }),
    replaced: (newest) => say({ replaced: newest }),
  });
  return { projector, store };
}

/** Where processors are scarce, webhooks are answered first. Only Linux knows priorities of threads. */
function goLast(): void {
  try {
    // "<process>/task/<thread>"
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
    setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Then it has the priority of all others.
  }
}
