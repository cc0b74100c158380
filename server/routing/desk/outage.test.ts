import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deskRules, READY } from '../../../domain/desk/testing.ts';
import { ENGLISH } from '../../../domain/desk/texts.ts';
import { parseAnswerRequest } from '../../../domain/webhooks/answer-request.ts';
import type { Clock } from '../../clock.ts';
import { openStore, type Store } from '../../store/store.ts';
import { StoreUnavailable } from '../../store/store-unavailable.ts';
import { tables } from '../../tables.ts';
import { agreeableVonage, emptyFolder } from '../../testing.ts';
import { accepted } from '../../voice/webhook.ts';
import { createDesk } from './desk.ts';
import { loadDesk } from './stored-desk.ts';

/** A clock that is moved by hand, second by second. */
function handClock() {
  let now = Date.parse('2026-03-02T09:00:00Z');
  let timers: { at: number; fn: () => void }[] = [];
  const underWay = new Set<Promise<unknown>>();
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    during(work) {
      underWay.add(work);
      const done = () => underWay.delete(work);
      work.then(done, done);
      return work;
    },
  };
  return {
    clock,
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        now += 1000;
        const due = timers.filter(({ at }) => at <= now);
        timers = timers.filter(({ at }) => at > now);
        for (const { fn } of due) fn();
        while (underWay.size > 0) await Promise.allSettled(underWay);
      }
    },
    skip(seconds: number) {
      now += seconds * 1000;
    },
  };
}

/** A store on a disk that others use, too, takes its time to open. */
const PATIENT = { timeout: 30_000 };

/** A desk whose agent Alice has answered, and whose caller is not with her yet. */
async function answeredDesk() {
  const opened = await openStore({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
  onTestFinished(() => opened.close());
  const { clock, pass, skip } = handClock();
  let meanwhile: () => void = () => {};
  const store: Store = {
    ...opened,
    async perform(work, input) {
      meanwhile();
      return opened.perform(work, input);
    },
  };
  const desk = createDesk({
    store,
    clock,
    rules: () => deskRules({ agents: ['Alice'] }),
    craft: () => ({ base: 'https://desk.example', language: 'en-US', texts: ENGLISH }),
    pace: { calls: 3, others: 15 },
    agents: () => ['Alice'],
    log: () => {},
  });
  onTestFinished(() => desk.close());
  await desk.start({ ...agreeableVonage, callState: async () => ({ status: 'answered' }) });
  const asked = accepted(parseAnswerRequest({ uuid: 'c1', from: '1', to: '2' }));
  const stored = () => opened.read((db) => loadDesk(db, []));
  await desk.tell({ kind: 'page seen', agent: 'Alice', page: READY, until: clock.now() + 60_000 });
  await desk.tell({ kind: 'call arrived', leg: 'c1', from: '1', to: '2', regionUrl: null });
  const [offer] = (await stored()).reservations.values();
  const reservation = offer?.id ?? '';
  await desk.tell({ kind: 'agent answered', reservation, leg: 'l1' });
  return {
    pass,
    skip,
    during(what: () => void) {
      meanwhile = what;
    },
    tell: desk.tell,
    /** What the caller is told who was transferred, if the store does not decide in time. */
    withoutStore: () => desk.routing.answer(asked, ['next', 'c1', '7'], undefined).reply.ncco,
    /** Undefined once the reservation has ended. */
    state: async () => (await stored()).reservations.get(reservation)?.state,
  };
}

test('an agent who has answered is not sent away because the store was away', PATIENT, async () => {
  const desk = await answeredDesk();
  desk.during(() => {
    throw new StoreUnavailable('away');
  });
  await desk.pass(15);
  desk.during(() => {});
  await desk.pass(3);
  expect(await desk.state()).toBe('accepting');
  await desk.pass(12);
  expect(await desk.state()).toBeUndefined();
});

test('an agent who has answered is not sent away because the store is slow', PATIENT, async () => {
  const desk = await answeredDesk();
  desk.during(() => desk.skip(3));
  await desk.tell({ kind: 'next asked', call: 'another' });
  desk.during(() => {});
  await desk.pass(9);
  expect(await desk.state()).toBe('accepting');
  await desk.pass(12);
  expect(await desk.state()).toBeUndefined();
});

test(
  'a caller whose agent has answered asks again at once, without music, because the store is slow',
  PATIENT,
  async () => {
    const desk = await answeredDesk();
    const [said, ear] = desk.withoutStore() ?? [];
    expect(said).toMatchObject({ action: 'talk' });
    expect(ear).toMatchObject({
      action: 'input',
      dtmf: { timeOut: 1 },
      eventUrl: [expect.stringContaining('/voice/wait/c1/1/')],
    });
  },
);

/** A desk with so many callers whose turn is over, so that they may have left. It sends nothing before it is started. */
async function waitingDesk(callers: number) {
  const store = await openStore({ dataDir: join(emptyFolder(), 'data'), tables, log: () => {} });
  onTestFinished(() => store.close());
  const { clock, pass, skip } = handClock();
  const desk = createDesk({
    store,
    clock,
    rules: () => deskRules({ agents: ['Alice'] }),
    craft: () => ({ base: 'https://desk.example', language: 'en-US', texts: ENGLISH }),
    pace: { calls: 3, others: 15 },
    agents: () => ['Alice'],
    log: () => {},
  });
  onTestFinished(() => desk.close());
  const legs = Array.from({ length: callers }, (_, index) => `c${index}`);
  await desk.tell(
    ...legs.map((leg) => ({ kind: 'call arrived', leg, from: '1', to: '2', regionUrl: null }) as const),
  );
  skip(55);
  return {
    desk,
    pass,
    serverStarts: () => desk.tell({ kind: 'server started', agents: ['Alice'], until: clock.now() + 15_000 }),
    /** Alice is ready, and somebody calls. */
    aliceIsOffered: () =>
      desk.tell(
        { kind: 'page seen', agent: 'Alice', page: READY, until: clock.now() + 60_000 },
        { kind: 'call arrived', leg: 'new', from: '1', to: '2', regionUrl: null },
      ),
    /** The legs that are still to be looked up. */
    toLookUp: () =>
      store.read(async (db) => {
        const pending = db.selectFrom('desk_effects').select('subject').where('done_at', 'is', null);
        const rows = await pending.where('kind', '=', 'look up').orderBy('id').execute();
        return rows.map(({ subject }) => subject);
      }),
  };
}

test('each leg waits to be looked up once, however often the store fails', PATIENT, async () => {
  const { serverStarts, toLookUp } = await waitingDesk(3);
  for (let outage = 0; outage < 5; outage += 1) await serverStarts();
  expect(await toLookUp()).toEqual(['c0', 'c1', 'c2']);
});

test('an agent is rung at once while hundreds of legs wait to be looked up', PATIENT, async () => {
  const { desk, serverStarts, aliceIsOffered, toLookUp, pass } = await waitingDesk(600);
  await serverStarts();
  await aliceIsOffered();
  const rung: string[] = [];
  await desk.start({
    ...agreeableVonage,
    async createCall({ to }) {
      if (to.type === 'app') rung.push(to.user);
      return { is: 'done', leg: 'a1' };
    },
  });
  await pass(1);
  expect(rung).toEqual(['Alice']);
  expect((await toLookUp()).length).toBeGreaterThan(500);
});
