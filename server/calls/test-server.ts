import { onTestFinished } from 'vitest';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import type { Ingest } from '../log/ingest.ts';
import type { Store, StoreOptions } from '../store/store.ts';
import type { TestStores } from '../store/test-stores.ts';
import { createPatientIngest } from './test-ingest.ts';

/** A server's log, as tests use it. */
export interface Server extends Ingest {
  store: Store;
  /** What it told since it was opened. */
  told: FeedMessage[];
}

/** A server's log, closed when the test is over or before. */
export async function openServer({ open }: TestStores, place: StoreOptions): Promise<Server> {
  const store = await open(place);
  const ingest = await createPatientIngest(store);
  onTestFinished(() => ingest.close());
  const told: FeedMessage[] = [];
  ingest.onStored((messages) => told.push(...messages));
  return { ...ingest, store, told };
}

export const idsOf = (messages: readonly FeedMessage[]) => messages.map(({ entry }) => entry.id);
