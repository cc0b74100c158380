import type { CallLog } from '../../../server/calls/call-log.ts';

/** How often each leg's event is stored. */
export async function storedTimes(log: CallLog): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (let last = 0; ; ) {
    const page = await log.entriesAfter(last, 1000);
    if (page.length === 0) return times;
    for (const { entry } of page) {
      last = entry.id;
      const uuid = entry.type === 'event' ? String(entry.payload.uuid) : '';
      times.set(uuid, (times.get(uuid) ?? 0) + 1);
    }
  }
}
