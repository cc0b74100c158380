import { randomUUID } from 'node:crypto';
import type {
  AgentView,
  DeskCallView,
  DeskView,
  DeskOptions as FileOptions,
} from '../../../domain/api/desk-api.ts';
import type { CallbackView } from '../../../domain/api/history-api.ts';
import { explain } from '../../../domain/desk/causes.ts';
import type { Control, Refusal } from '../../../domain/desk/controls.ts';
import type { DeskFact } from '../../../domain/desk/events.ts';
import {
  type CountName,
  callsOf,
  type FigureCall,
  type Figures,
  figureCalls,
  type RateName,
} from '../../../domain/desk/figures.ts';
import { isOpenAt } from '../../../domain/desk/hours.ts';
import { type Dialable, dialable, readDialled } from '../../../domain/desk/outbound.ts';
import { type DeskRules, type QueueRules, receptionOf } from '../../../domain/desk/rules.ts';
import { lastWords, type Stagecraft, voicemail, waitingTurn } from '../../../domain/desk/script.ts';
import type { Ncco } from '../../../domain/ncco/ncco.ts';
import { readText } from '../../../domain/webhooks/lenient-fields.ts';
import type { AuditFact } from '../../audit/audit.ts';
import type { Clock } from '../../clock.ts';
import type { HookSender } from '../../hooks/sender.ts';
import type { Store } from '../../store/store.ts';
import { voicemailIn } from '../../voicemail/note.ts';
import { unheardMessages } from '../../voicemail/unheard.ts';
import type { VonageApi } from '../../vonage/vonage.ts';
import type { Worker } from '../../worker.ts';
import type { Meaning } from '../append.ts';
import { type Route, type Routing, routeOf } from '../routing.ts';
import { createDispatcher, type EffectAttempt } from './dispatcher.ts';
import type { Pace, SentExchange } from './effects.ts';
import { factOfEvent, factOfRequest } from './facts.ts';
import { createDeskFeed, createWallFeed, type DeskFeed, type WallFeed } from './feeds.ts';
import { createFiguresReader } from './figures.ts';
import { type DeskHistory, eventsUntil, exchangesOf, historyOf } from './history.ts';
import { createPresence, type Presence } from './presence.ts';
import { loadDesk } from './stored-desk.ts';
import { viewAgent, viewCall, viewCallbacks, viewDesk } from './view.ts';
import { viewWall } from './wall-view.ts';
import { type DeskNews, type Moved, moveDesk, type Setting } from './work.ts';

interface DeskOptions {
  store: Store;
  clock: Clock;
  rules: () => DeskRules;
  craft: () => Stagecraft;
  pace: Pace;
  /** Every agent, known to the queues or not. */
  agents: () => readonly string[];
  /** Our number, which customers see whom agents call. Without it the platform takes one of the application's. */
  number?: string | undefined;
  /** For whom hooks are queued, and who sends them. */
  hooks?: Pick<HookSender, 'receivers' | 'wake'> | undefined;
  log: (line: string) => void;
}

export interface QueuesOfAgent {
  own: readonly string[];
  others: readonly string[];
  isDefault: boolean;
}

/** Routes callers to a team. */
export interface DeskService {
  routing: Routing;
  /** What decisions need, as of now. */
  setting(): Setting;
  /** Acts on what a transaction changed. */
  onMoved(moved: Moved): void;
  /** Tells the desk what no webhook brings. */
  tell(...facts: DeskFact[]): Promise<void>;
  /** The same for what somebody does who is named in the audit trail. */
  tellNoted(noted: AuditFact, ...facts: DeskFact[]): Promise<void>;
  presence: Presence;
  /**
   * Does something in a call; resolves with the call after it, or with why it was refused.
   * @param noted recorded in the audit trail, unless it is refused
   */
  control(by: Controller, call: string, control: Control, noted?: AuditFact): Promise<DeskCallView | Refusal>;
  /** What the desk file allows agents to do. */
  options(): FileOptions;
  /** The desk as it is now. @param seesAll whether supervisors who listen in private are shown */
  view(seesAll?: boolean): Promise<DeskView>;
  viewAgent(name: string): Promise<AgentView | undefined>;
  /** The queues of an agent. `isDefault`: callers of queues that no longer exist are hers, too. */
  queuesOf(agent: string): QueuesOfAgent;
  /** The callbacks that are not over, the one that waits longest first. */
  callbacks(): Promise<readonly Omit<CallbackView, 'contact'>[]>;
  feed: DeskFeed;
  /** The whole desk, for supervisors. */
  wall: WallFeed;
  /** The figures of a time, in milliseconds since 1970. */
  figures(from: number, to: number): Promise<Figures>;
  /** The calls that make up a figure, oldest first. */
  callsOf(figure: CountName, from: number, to: number): Promise<readonly string[]>;
  /** The same with what is known of each call. */
  figureCalls(figure: CountName | RateName, from: number, to: number): Promise<readonly FigureCall[]>;
  /** What the desk did with the call of these legs. */
  history(legs: readonly string[]): Promise<DeskHistory>;
  /** What the desk asked of the platform for the call of these legs, oldest first. */
  exchanges(legs: readonly string[]): Promise<readonly SentExchange[]>;
  /** Calls the listener with whatever the desk did because of this server. */
  onNews(listener: (news: DeskNews) => void): void;
  /** Calls the listener with each attempt of this server to change a leg. */
  onEffect(listener: (attempt: EffectAttempt) => void): void;
  /** Calls the listener each time the desk could not decide. */
  onFault(listener: () => void): void;
  /** Seconds since the oldest request to the platform was queued that is not done; 0: there is none. */
  outboxAge(): Promise<number>;
  /** Begins to act: timers, requests to the platform. */
  start(vonage: VonageApi): Promise<void>;
  close(): Promise<void>;
}

/** Somebody who does something in a call. */
interface Controller {
  name: string;
  /** Whether as a supervisor, too. */
  mayControl: boolean;
}

/** Milliseconds between two looks for what is due because of another server. */
const LOOK_MS = 1_000;
/** Milliseconds after a start during which pages may be heard from again before they count as gone. */
const GRACE_MS = 15_000;

/** Milliseconds after which a transaction was slow: agents and pages may have been kept waiting. */
const SLOW_MS = 2_000;

/** Milliseconds that a page counts as there whose feed has closed. */
const CLOSED_LEASE_MS = 4_000;

export function createDesk(options: DeskOptions): DeskService {
  const { store, clock, rules, craft, log } = options;
  const setting = (): Setting => ({
    rules: rules(),
    craft: craft(),
    now: clock.now(),
    hooks: options.hooks?.receivers,
  });
  const ours = () => options.number ?? Object.keys(rules().numbers)[0] ?? null;
  const listeners = new Set<() => void>();
  const newsListeners = new Set<Parameters<DeskService['onNews']>[0]>();
  const effectListeners = new Set<Parameters<DeskService['onEffect']>[0]>();
  const faultListeners = new Set<() => void>();
  let cancelTimer: (() => void) | undefined;
  let due = Infinity;
  let closed = false;
  /** What the desk may have missed: facts while this server or the store was away, time while the store was slow. */
  let missed: 'nothing' | 'time' | 'facts' = 'facts';

  let dispatcher: Worker | undefined;

  function onMoved(moved: Moved): void {
    if (moved.fault !== null) {
      log(`The desk could not decide: ${moved.fault}`);
      for (const listener of faultListeners) listener();
    }
    if (clock.now() - moved.at >= SLOW_MS && missed === 'nothing') missed = 'time';
    if (moved.hasEffects) dispatcher?.wake();
    if (moved.hasHooks) options.hooks?.wake();
    if (moved.due !== null) dueAt(moved.due);
    if (moved.news.length > 0) for (const listener of listeners) listener();
    for (const news of moved.news) for (const listener of newsListeners) listener(news);
  }

  function dueAt(time: number): void {
    if (closed || dispatcher === undefined || (time >= due && due > clock.now())) return;
    due = time;
    cancelTimer?.();
    cancelTimer = clock.after(Math.max(1, Math.ceil(time - clock.now())), () => void clock.during(pass()));
  }

  /** Whatever is due by now happens. */
  async function pass(): Promise<void> {
    due = Infinity;
    try {
      if (missed !== 'nothing') await listenAgain();
      await tell({ kind: 'time passed' });
    } catch {
      // The store logs its own failure.
      missed = 'facts';
      dueAt(clock.now() + LOOK_MS);
    }
    lookLater();
  }

  async function listenAgain(): Promise<void> {
    const until = clock.now() + GRACE_MS;
    const missedFacts = missed === 'facts';
    missed = 'nothing';
    await tell(
      missedFacts
        ? { kind: 'server started', agents: options.agents(), until }
        : { kind: 'store was slow', until },
    );
  }

  /** Another server may have changed what is due. */
  function lookLater(): void {
    if (store.engine.name === 'postgres') dueAt(clock.now() + LOOK_MS);
  }

  async function move(facts: readonly DeskFact[], noted?: AuditFact): Promise<Moved> {
    const moved = await store.perform(moveDesk, { facts, setting: setting(), noted });
    onMoved(moved);
    return moved;
  }

  async function tell(...facts: DeskFact[]): Promise<void> {
    await move(facts);
  }

  const read = () => store.read((db) => loadDesk(db, []));

  const presence = createPresence({
    clock,
    tell: (facts) => tell(...facts),
    agents: async () => (await read()).agents,
  });

  function onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  const server = randomUUID();
  const feed = createDeskFeed({
    clock,
    read,
    onChange,
    async pagesOpened(tabs) {
      // With SQLite there is only one server.
      if (store.engine.name !== 'postgres') return;
      await tell(...tabs.map((tab): DeskFact => ({ kind: 'feed opened', ...tab, server })));
    },
    pageClosed: ({ agent, tab }) =>
      tell({
        kind: 'page closed',
        agent,
        until: clock.now() + CLOSED_LEASE_MS,
        from: { tab, server },
      }),
  });

  const wall = createWallFeed({
    clock,
    onChange,
    async read() {
      const [desk, unheard] = await Promise.all([read(), unheardMessages(store)]);
      return viewWall(desk, rules(), options.agents(), unheard, clock.now());
    },
  });

  function readNumber(text: string): Dialable {
    const { numbers, outbound } = rules();
    return readDialled(text, { ours: ours(), others: Object.keys(numbers), outbound });
  }

  /** An agent may type the number to transfer to as people of our country write it. */
  function inFull(control: Control): Control {
    const isToSomebody = control.action === 'transfer' || control.action === 'consult';
    if (!isToSomebody || !('number' in control.to)) return control;
    const { number: typed } = control.to;
    if ('number' in dialable(typed, rules().outbound)) return control;
    const read = readNumber(typed);
    return 'number' in read ? { ...control, to: { number: read.number } } : control;
  }

  return {
    feed,
    wall,
    routing: {
      answer(call, asked) {
        // The fallback does what the address would have done that did not answer.
        const route = (asked[0] === 'fallback' ? routeOf(call.originalUrl) : undefined) ?? asked;
        const told = factOfRequest(call, route, ours());
        const kind = route[0];
        const isAgent = kind === 'agent' || kind === 'guest' || told?.kind === 'agent dials';
        const text = told?.kind === 'agent dials' ? 'notDialled' : 'callGone';
        const reply = {
          status: 200,
          ncco: isAgent
            ? lastWords(craft().texts[text], craft())
            : loop(call.uuid, call.to ?? null, route, setting()),
        };
        // An agent who was told that the caller is gone must not be given the caller a moment later.
        return { reply, when: isAgent ? 'decided' : 'briefly', told: { desk: told ?? undefined } };
      },
      event(event, route) {
        const told: Meaning = {
          desk: factOfEvent(event, route) ?? undefined,
          voicemail: voicemailIn(event, route),
        };
        const [kind, id, turn] = route;
        if (kind !== 'wait' && kind !== 'menu') return { reply: { status: 200 }, when: 'stored', told };
        const leg = id ?? readText(event.uuid) ?? undefined;
        const next: Route = ['wait', leg ?? '', turn ?? '0', ...(route[3] === undefined ? [] : [route[3]])];
        const reply = { status: 200, ncco: loop(leg, readText(event.to), next, setting()) };
        return { reply, when: 'briefly', told };
      },
      readDialled: readNumber,
    },
    setting,
    onMoved,
    tell,
    async tellNoted(noted, ...facts) {
      await move(facts, noted);
    },
    presence,
    figures: createFiguresReader(store, clock.now),
    callsOf: async (figure, from, to) => callsOf(await eventsUntil(store, to, from), from, to, figure),
    figureCalls: async (figure, from, to) =>
      figureCalls(await eventsUntil(store, to, from), from, to, figure),
    history: (legs) => historyOf(store, legs),
    exchanges: (legs) => exchangesOf(store, legs),
    async control({ name, mayControl }, call, control, noted) {
      const asked = inFull(control);
      const { refusals } = await move(
        [{ kind: 'control', call, by: name, mayControl, control: asked }],
        noted,
      );
      const [refusal = null] = refusals;
      if (refusal !== null) return refusal;
      const desk = await store.read((db) => loadDesk(db, [{ kind: 'next asked', call }]));
      const found = desk.calls.get(call);
      return found === undefined
        ? { status: 404, ...explain('no such call') }
        : viewCall(desk, found, clock.now(), mayControl ? null : name);
    },
    options() {
      const { phrases, queues, outcomes, outbound } = rules();
      return {
        phrases: Object.entries(phrases).map(([name, text]) => ({ name, text })),
        queues: Object.values(queues).map(({ name, recording }) => ({ name, mayRecord: recording })),
        outcomes,
        mayDial: outbound.countries.length + outbound.prefixes.length > 0,
      };
    },
    view: async (seesAll = true) =>
      viewDesk(await read(), rules(), options.agents(), clock.now(), seesAll ? null : ''),
    callbacks: async () => viewCallbacks(await read(), clock.now()),
    async viewAgent(name) {
      const desk = await read();
      const agent = desk.agents.get(name);
      return agent && viewAgent(desk, agent, clock.now());
    },
    onNews: (listener) => void newsListeners.add(listener),
    onEffect: (listener) => void effectListeners.add(listener),
    onFault: (listener) => void faultListeners.add(listener),
    async outboxAge() {
      const oldest = await store.read((db) =>
        db
          .selectFrom('desk_effects')
          .select('queued_at')
          .where('done_at', 'is', null)
          .orderBy('queued_at')
          .limit(1)
          .executeTakeFirst(),
      );
      return oldest === undefined ? 0 : Math.max(0, clock.now() - oldest.queued_at) / 1000;
    },
    queuesOf(agent) {
      const { queues, otherNumbers } = rules();
      const all = Object.values(queues);
      const isOwn = ({ agents }: QueueRules) => agents.includes(agent);
      return {
        own: all.filter(isOwn).map(({ name }) => name),
        others: all.filter((queue) => !isOwn(queue)).map(({ name }) => name),
        isDefault: all.some((queue) => queue.name === otherNumbers.queue && isOwn(queue)),
      };
    },
    async start(vonage) {
      const { base } = craft();
      const { pace } = options;
      const onAttempt = (attempt: EffectAttempt) => {
        for (const listener of effectListeners) listener(attempt);
      };
      const acting = { store, clock, setting, log, pace, base, onMoved, onAttempt, vonage };
      dispatcher = createDispatcher(acting);
      dispatcher.wake();
      // Another server may have queued something, or changed what pages of this one show.
      store.engine.listen(() => {
        dispatcher?.wake();
        for (const listener of listeners) listener();
      });
      await listenAgain().catch(() => {
        missed = 'facts';
        dueAt(clock.now() + LOOK_MS);
      });
      lookLater();
    },
    async close() {
      closed = true;
      cancelTimer?.();
      feed.close();
      wall.close();
      presence.close();
      await dispatcher?.close();
    },
  };
}

/** The waiting loop as far as it can be made from the request alone, while the store is away. */
function loop(
  leg: string | undefined,
  to: string | null,
  route: Route,
  { craft, rules, now }: Setting,
): Ncco {
  const reception = receptionOf(rules, to);
  const queue = rules.queues[reception.queue];
  if (leg === undefined || queue === undefined) return lastWords(craft.texts.apology, craft);
  const [kind, id, turn, since] = route;
  if (kind === 'next') {
    // An agent may wait for her already, in silence: she asks again at once.
    const short = { enqueuedAt: now, isShort: true };
    return waitingTurn({ id: id ?? leg, from: null }, 0, craft.texts.oneMoment, queue, craft, short).ncco;
  }
  const isNew = kind === 'answer' || kind === 'fallback';
  const said = isNew ? reception.greeting : craft.texts.stillWaiting;
  const enqueuedAt = since === undefined || !/^\d{1,15}$/.test(since) ? now : Number(since);
  const isOpen = queue.hours === null || isOpenAt(queue.hours, now);
  if (!isOpen && (isNew || queue.hours?.untilEmpty === false)) {
    return queue.voicemail && queue.overflow !== 'apology'
      ? voicemail(leg, craft.texts.closed, craft)
      : lastWords(craft.texts.closed, craft);
  }
  if (now - enqueuedAt >= queue.longestWait * 1000) return voicemail(leg, craft.texts.apology, craft);
  const caller = { id: leg, from: null };
  const long = { enqueuedAt, isShort: false };
  return waitingTurn(caller, isNew ? 0 : Number(turn) || 0, said, queue, craft, long).ncco;
}
