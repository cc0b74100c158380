import { expect, it } from 'vitest';
import type { DeskFact } from '../../domain/desk/events.ts';
import { deskRules } from '../../domain/desk/testing.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { newEntryRow } from '../log/entry.ts';
import { describeStores } from '../store/testing.ts';
import { appendRouted } from './append.ts';
import { loadDesk } from './desk/stored-desk.ts';

const setting = {
  rules: deskRules({ agents: ['Alice'] }),
  craft: { base: 'https://desk.example', language: 'en-US', texts: ENGLISH },
  now: 1_000_000,
};

function webhook(uuid: string, desk: DeskFact) {
  const row = newEntryRow({
    type: 'answer',
    request: { uuid },
    method: 'GET',
    route: '/voice/answer',
    requestId: uuid,
    receivedAt: setting.now,
    jti: null,
    replayed: false,
    took: 1,
    reply: { status: 200 },
  });
  return { row, told: { desk } };
}

const arrived = (leg: string): DeskFact => ({
  kind: 'call arrived',
  leg,
  from: '447700900000',
  to: '442038297050',
  regionUrl: null,
});

describeStores('webhooks that are stored together', ({ place, open }) => {
  it('mean something to the desk although one of them makes it fail', async () => {
    const store = await open(await place());
    // No webhook may bring such a fact; whatever it is that fails, the others are not to suffer for it.
    const broken = JSON.parse('{ "kind": "call arrived", "leg": null }');
    const { moved, outcomes } = await store.perform(appendRouted, {
      items: [webhook('a', arrived('a')), webhook('b', broken), webhook('c', arrived('c'))],
      now: setting.now,
      setting,
      hooks: [],
    });
    expect([...(await store.read((db) => loadDesk(db, []))).calls.keys()]).toEqual(['a', 'c']);
    expect(moved?.fault).not.toBeNull();
    expect(outcomes.map(({ reply }) => reply.ncco !== undefined)).toEqual([true, false, true]);
    const entries = await store.read((db) => db.selectFrom('entries').select('id').execute());
    expect(entries).toHaveLength(3);
  });
});
