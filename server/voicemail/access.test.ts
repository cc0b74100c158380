import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../domain/api/page-api.ts';
import { builtInQueue, builtInRules } from '../../domain/desk/built-in.ts';
import { ENGLISH } from '../../domain/desk/texts.ts';
import { createAudit } from '../audit/audit.ts';
import { fixedRoster } from '../people/roster.ts';
import { createDesk } from '../routing/desk/desk.ts';
import { openStore } from '../store/store.ts';
import { describeStores } from '../store/testing.ts';
import { tables } from '../tables.ts';
import { emptyFolder, realMode, signInWith, testApp } from '../testing.ts';
import { noteVoicemails } from './note.ts';
import { createVoicemails, type VoicemailScope } from './voicemails.ts';

/** Messages of two queues, of one that is no longer there, and of none. */
async function leaveMessages(store: Awaited<ReturnType<typeof openStore>>): Promise<void> {
  const left = { 'of-sales': 'sales', 'of-support': 'support', 'of-former': 'former', 'of-none': null };
  await store.write(async (transaction) => {
    for (const [id, queue] of Object.entries(left)) {
      await noteVoicemails(
        transaction,
        [
          { kind: 'offered', id, call: 'c', queue, from: null },
          { kind: 'recorded', id, url: 'https://api.nexmo.com/x', seconds: 3, conversation: null },
        ],
        1_000,
      );
    }
  });
}

const ALL = ['of-former', 'of-none', 'of-sales', 'of-support'];

describeStores('voicemails in a scope', ({ place, open }) => {
  const scopes: [string, VoicemailScope, string[]][] = [
    ['everyone’s', 'all', ALL],
    ['those of a queue', { queues: ['support'] }, ['of-support']],
    ['those of no queue', { queues: [] }, []],
    ['all but those of a queue', { notOf: ['support'] }, ['of-former', 'of-none', 'of-sales']],
    ['all but those of no queue', { notOf: [] }, ALL],
  ];
  it.each(scopes)('%s: can be listed, heard and deleted, and no others', async (_, scope, visible) => {
    const store = await open(await place());
    await leaveMessages(store);
    const voicemails = createVoicemails(store, emptyFolder(), () => 2_000);
    const ids = async (within: VoicemailScope) => (await voicemails.list(within)).map(({ id }) => id);
    expect(await ids(scope)).toEqual(visible);
    for (const id of ALL) {
      expect([id, await voicemails.hear(id, scope, 'Bob')]).toEqual([id, visible.includes(id)]);
    }
    for (const id of ALL) {
      expect([id, await voicemails.remove(id, scope, { who: 'Bob', from: 'here' })]).toEqual([
        id,
        visible.includes(id),
      ]);
    }
    expect(await ids('all')).toEqual(ALL.filter((id) => !visible.includes(id)));
    const { entries } = await createAudit(store, () => 0).list({ limit: 10 });
    expect(entries.map(({ who, what, of, from }) => [who, what, of, from])).toEqual(
      visible.toReversed().map((id) => ['Bob', 'voicemail deleted', id, 'here']),
    );
  });
});

describe('voicemails on the server', () => {
  const codes = new Map([['Bob', 'correct horse']]);

  /** A server where Bob is signed in. Sales is the queue of callers who do not choose. */
  async function server(roles: readonly Role[], queues: { sales: string[]; support: string[] }) {
    const store = await openStore({ dataDir: emptyFolder(), tables, log: () => {} });
    await leaveMessages(store);
    const rules = {
      ...builtInRules([], '', 'en'),
      otherNumbers: { greeting: '', menu: null, queue: 'sales' },
      queues: {
        sales: builtInQueue('sales', queues.sales),
        support: builtInQueue('support', queues.support),
      },
    };
    const fixed = fixedRoster(['Alice', 'Bob'], false);
    const roster = {
      ...fixed,
      find: (name: string) => {
        const found = fixed.find(name);
        return found && { ...found, roles };
      },
    };
    const parts = testApp(realMode, {
      roster,
      signIn: signInWith(codes),
      voicemails: createVoicemails(store, emptyFolder(), () => 2_000),
    });
    const desk = createDesk({
      store,
      clock: parts.context.clock,
      agents: roster.agents,
      rules: () => rules,
      craft: () => ({ base: '', language: undefined, texts: ENGLISH }),
      pace: { calls: 3, others: 15 },
      log: () => {},
    });
    const { app, log } = testApp(realMode, { ...parts.context, desk, terminal: parts.log.terminal });
    const browser = request.agent(app);
    await browser.post('/api/session').send({ agent: 'Bob', code: 'correct horse' }).expect(200);
    return {
      store,
      browser,
      printed: () => parts.log.text() + log.text(),
      async ids() {
        const { body } = await browser.get('/api/voicemails').expect(200);
        return body.map(({ id }: { id: string }) => id);
      },
    };
  }

  it('are all visible to supervisors', async () => {
    const { store, ids } = await server(['supervisor'], { sales: [], support: [] });
    expect(await ids()).toEqual(ALL);
    await store.close();
  });

  it('of their queues are visible to agents, with those of no queue for the agents of the default queue', async () => {
    const support = await server(['agent'], { sales: ['Alice'], support: ['Bob'] });
    expect(await support.ids()).toEqual(['of-support']);
    const sales = await server(['agent'], { sales: ['Bob'], support: ['Alice'] });
    expect(await sales.ids()).toEqual(['of-former', 'of-none', 'of-sales']);
    const both = await server(['agent'], { sales: ['Bob'], support: ['Bob'] });
    expect(await both.ids()).toEqual(ALL);
    for (const { store } of [support, sales, both]) await store.close();
  });

  it('are deleted by an agent of their queue, never by others, and the log says who it was', async () => {
    const { store, browser, ids, printed } = await server(['agent'], { sales: ['Alice'], support: ['Bob'] });
    await browser.delete('/api/voicemails/of-sales').expect(404);
    await browser.put('/api/voicemails/of-sales/heard').expect(404);
    await browser.delete('/api/voicemails/of-support').expect(204);
    await browser.delete('/api/voicemails/of-support').expect(404);
    expect(await ids()).toEqual([]);
    expect(printed().match(/.*deleted.*/g)).toEqual(['Bob deleted the voicemail of-support.']);
    await store.close();
  });
});
