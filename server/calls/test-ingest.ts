import type { Store } from '../store/store.ts';
import { createIngest, type Ingest } from './ingest.ts';

/** An ingest for tests that look at calls: it resolves when they tell of the entry. */
export async function createPatientIngest(store: Store): Promise<Ingest> {
  const { ingest, settled, ...rest } = await createIngest(store);
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
