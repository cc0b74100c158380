import type { Log } from '../../../server/log/log.ts';

/** How often each leg's event is stored; repeated deliveries do not count. */
export async function storedTimes(log: Log): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (let last = 0; ; ) {
    const page = await log.entriesAfter(last, 1000);
    if (page.length === 0) return times;
    for (const { entry } of page) {
      last = entry.id;
      if (entry.repeats !== null) continue;
      const uuid = entry.type === 'event' ? String(entry.payload.uuid) : '';
      times.set(uuid, (times.get(uuid) ?? 0) + 1);
    }
  }
}
