import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { SqliteFile, type SqliteRequest } from './sqlite-file.ts';

/**
 * A SQLite file in a thread of its own: answers questions in their order. Who began a transaction has the file alone
 * until it ends.
 */

interface Client {
  postMessage(message: unknown): void;
}

/** Gives the thread another client. */
export interface NewClient {
  client: MessagePort;
}

const file = new SqliteFile(workerData);
let alone: Client | undefined;
let waiting: { client: Client; request: SqliteRequest }[] = [];

function serve(client: Client, request: SqliteRequest): void {
  while (alone !== undefined && alone !== client) {
    if (request.do !== 'close') {
      waiting.push({ client, request });
      return;
    }
    // What another one began has no end any more.
    file.answer({ do: 'rollback' });
    letOthersIn();
  }
  client.postMessage(file.answer(request));
  if (file.isInTransaction) alone = client;
  else letOthersIn();
}

function letOthersIn(): void {
  alone = undefined;
  const held = waiting;
  waiting = [];
  for (const { client, request } of held) serve(client, request);
}

function admit(client: MessagePort): void {
  client.on('message', (request: SqliteRequest) => serve(client, request));
  client.on('close', () => {
    waiting = waiting.filter((each) => each.client !== client);
    if (alone !== client) return;
    file.answer({ do: 'rollback' });
    letOthersIn();
  });
}

parentPort?.on('message', (message: SqliteRequest | NewClient) => {
  if ('client' in message) admit(message.client);
  else if (parentPort !== null) serve(parentPort, message);
});
