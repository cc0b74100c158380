import { createIngest, type Ingest } from '../log/ingest.ts';
import type { Store } from '../store/store.ts';
import { createProjector } from './projector.ts';

/** An ingest into a store, in the thread of the test. */
export function createTestIngest(store: Store): Promise<Ingest> {
  return createIngest(store, (news) => createProjector(store, news));
}

/** An ingest for tests that look at calls: it resolves when they tell of the entry. */
export async function createPatientIngest(store: Store): Promise<Ingest> {
  const { ingest, settled, ...rest } = await createTestIngest(store);
  return {
    ...rest,
    settled,
    async ingest(entry) {
      const outcome = await ingest(entry);
      await settled();
      return outcome;
    },
  };
}
