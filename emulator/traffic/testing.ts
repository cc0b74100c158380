import type { Entry } from './entry.ts';
import type { Beginning } from './log.ts';

/** A request as it begins: an event webhook, unless the test says otherwise. */
export function fakeBeginning(changes: Partial<Beginning> = {}): Beginning {
  return {
    direction: 'out',
    kind: 'event',
    what: 'ringing',
    method: 'POST',
    url: 'http://localhost:3000/voice/event',
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    call: 'CON-00000000-0000-4000-8000-000000000001',
    leg: '11112222333344445555666677778888',
    application: '78d335fa-323d-4114-9c3d-d6f0d48968cf',
    attempt: 1,
    repeats: null,
    repeatable: true,
    hint: null,
    request: { headers: [], body: null },
    proof: { type: 'none' },
    ...changes,
  };
}

/** A request that is over: a webhook that was answered with 200. */
export function fakeEntry(changes: Partial<Entry> = {}): Entry {
  return {
    ...fakeBeginning(),
    id: 1,
    revision: 2,
    took: 12.5,
    status: 200,
    error: null,
    size: 0,
    response: { headers: [['content-type', 'application/json']], body: null },
    ...changes,
  };
}
