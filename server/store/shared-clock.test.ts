import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { openClock } from './shared-clock.ts';
import { describeStores } from './testing.ts';

afterEach(() => void vi.useRealTimers());

describeStores('the clock of a server', ({ engine, place, open }) => {
  it.runIf(engine === 'postgres')(
    'is that of the database, also where its own is an hour ahead',
    async () => {
      const realNow = () => performance.timeOrigin + performance.now();
      const store = await open(await place());
      vi.useFakeTimers({ toFake: ['Date'], now: realNow() + 3_600_000 });
      const clock = await openClock(store);
      clock.close();
      expect(Math.abs(clock.now() - realNow())).toBeLessThan(60_000);
      expect(Number.isInteger(clock.now())).toBe(true);
    },
  );

  it.runIf(engine === 'sqlite')('is its own', async () => {
    const clock = await openClock(await open(await place()));
    expect(clock.now).toBe(systemClock.now);
  });
});
