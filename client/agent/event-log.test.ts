import { describe, expect, it } from 'vitest';
import { createEventLog } from './event-log.ts';

describe('the event log', () => {
  it('keeps the last two hundred entries with their times', () => {
    let now = 0;
    const log = createEventLog(() => now);
    for (now = 1; now <= 250; now += 1) {
      log.add(`entry ${now}`);
    }
    expect(log.entries.value).toHaveLength(200);
    expect(log.entries.value[0]).toMatchObject({ at: 51, text: 'entry 51' });
    expect(log.entries.value.at(-1)).toMatchObject({ at: 250, text: 'entry 250' });
  });

  it('never keeps a token', () => {
    const log = createEventLog();
    log.add('no connection to ws://host/?token=eyJhbGci-_Oi.eyJzdWIi.c2lnbg_-');
    expect(log.entries.value[0]?.text).toBe('no connection to ws://host/?token=(token)');
  });
});
