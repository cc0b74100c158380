import { expect, it, onTestFinished, vi } from 'vitest';
import type { Audit, AuditFact } from '../audit/audit.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { createFailures } from './failures.ts';

function trail(note: (fact: AuditFact) => Promise<void>): Audit {
  return { note, list: async () => ({ entries: [], next: null }), async *exported() {} };
}

it('failed sign-ins are recorded up to a number in a minute, without what was typed as a name', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const facts: AuditFact[] = [];
  const failures = createFailures(trail(async (fact) => void facts.push(fact)));
  for (let index = 0; index < 200; index += 1) await failures.note('Alice', '203.0.113.7');
  expect(facts).toHaveLength(61);
  expect(facts[0]).toMatchObject({ who: 'Alice', what: 'sign-in failed', from: '203.0.113.7' });
  expect(facts[60]).toMatchObject({ who: null, from: null, details: 'and more in this minute' });
  vi.setSystemTime(Date.now() + 60_000);
  await failures.note(null, '203.0.113.7');
  expect(facts).toHaveLength(62);
});

it('the answer to a failed sign-in does not depend on the store', async () => {
  const failures = createFailures(trail(() => Promise.reject(new StoreUnavailable('away'))));
  await expect(failures.note('Alice', null)).resolves.toBeUndefined();
});
