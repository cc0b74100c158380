import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { AuditPage } from '../../domain/api/audit-api.ts';
import type { AgentControlRequest, ControlRequest } from '../../domain/api/desk-api.ts';
import type { FigureCalls, WallView } from '../../domain/api/wall-api.ts';
import type { Cause } from '../../domain/desk/causes.ts';
import type { Figures } from '../../domain/desk/figures.ts';
import { createScope } from '../../ui/scope.ts';
import { ApiCallError, type ApiFailure, failureOf } from '../session/request.ts';
import { createSessionController, type SessionController } from '../session/session-controller.ts';
import { type Alarm, alarmsOf, newAlarms } from './alarms.ts';
import type { WallApi } from './api.ts';
import { createFeed, type Feed, type FeedSource, type FeedState } from './feed.ts';
import type { Days, FigureName } from './figures.ts';
import { sharedList, sharedView } from './shared.ts';

interface LiveWallOptions {
  api: WallApi;
  connect: (path: string) => FeedSource;
  beforePaint: (run: () => void) => () => void;
  /** From 0 to 1. */
  random: () => number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Why an action was refused, in the server's words; `unreachable`: it may not have arrived. */
export type ActionResult =
  | { ok: true }
  | { ok: false; failure: ApiFailure; words: string; cause?: Cause | undefined };

/** Everything that the wall knows and does, without a view. */
export interface LiveWall {
  session: SessionController;
  /** The desk as it was told last; null: nothing yet. */
  view: ReadonlySignal<WallView | null>;
  feed: ReadonlySignal<FeedState>;
  /** The server's time, milliseconds since 1970, to the second. */
  now: ReadonlySignal<number>;
  /** The same to the minute, for what need not be counted each second. */
  minute: ReadonlySignal<number>;
  alarms: ReadonlySignal<readonly Alarm[]>;
  /** Today's figures and those to compare with; null: not there yet. */
  days: ReadonlySignal<Days | null>;
  /** Whether the figures could not be had the last time. */
  areFiguresLate: ReadonlySignal<boolean>;
  loadFigures(): void;
  figureCalls(figure: FigureName): Promise<FigureCalls>;
  /** A page of the audit trail. @param before where it begins; null: with the newest */
  audit(before: number | null): Promise<AuditPage>;
  controlCall(call: string, control: ControlRequest): Promise<ActionResult>;
  controlAgent(agent: string, control: AgentControlRequest): Promise<ActionResult>;
  /** Calls the listener with alarms that were not there before. Returns a function that unsubscribes. */
  onAlarms(listener: (alarms: readonly Alarm[]) => void): () => void;
  wake(): void;
  slept(): void;
  close(): void;
}

/** Milliseconds between two looks at the figures: the server reads the day for them. */
const FIGURES_MS = { busy: 15_000, quiet: 60_000 } as const;
const TICK_MS = 1_000;
const MINUTE_MS = 60_000;

export function createLiveWall(options: LiveWallOptions): LiveWall {
  const { api, now: localNow, ...feedOptions } = options;
  const scope = createScope();
  const session = createSessionController(api, 'supervisor');
  const view = signal<WallView | null>(null);
  const feed = signal<Feed | null>(null);
  /** Milliseconds by which the server's clock is ahead of this one. */
  let ahead = 0;
  const now = signal(localNow());
  const minute = signal(localNow());
  const days = signal<Days | null>(null);
  const areFiguresLate = signal(false);
  const alarmListeners = new Set<(alarms: readonly Alarm[]) => void>();
  let loadedAt = 0;
  let isLoading = false;
  let changedAt = 0;

  let lastAlarms: readonly Alarm[] = [];
  const alarms = computed(() => {
    const current = view.value === null ? [] : alarmsOf(view.value, now.value);
    lastAlarms = sharedList(lastAlarms, current, ({ id }) => id);
    return lastAlarms;
  });
  let knownAlarms: readonly Alarm[] | null = null;
  scope.add(
    effect(() => {
      const current = alarms.value;
      if (view.value === null) return;
      // Those that were there when the page was opened are no news.
      const fresh = knownAlarms === null ? [] : newAlarms(knownAlarms, current);
      knownAlarms = current;
      if (fresh.length > 0) for (const listener of alarmListeners) listener(fresh);
    }),
  );

  function onView(told: WallView): void {
    ahead = told.now - localNow();
    // Otherwise the next tick is soon enough: all that shows times is rendered anew with each.
    if (Math.abs(told.now - now.peek()) > 2 * TICK_MS) now.value = told.now;
    view.value = sharedView(view.peek(), told);
    changedAt = localNow();
  }

  function check(failure: ApiFailure): void {
    if (failure === 'sign-in-needed' || failure === 'role-missing') session.check();
  }

  async function loadFigures(): Promise<void> {
    if (isLoading) return;
    isLoading = true;
    loadedAt = localNow();
    try {
      const today = await api.figures(0);
      const before = days.peek();
      const isSameDay = before?.today.from === today.from;
      days.value = {
        today,
        yesterday: isSameDay ? before.yesterday : null,
        lastWeek: isSameDay ? before.lastWeek : null,
      };
      areFiguresLate.value = false;
      await compare(today);
    } catch (error) {
      areFiguresLate.value = true;
      check(failureOf(error));
    } finally {
      isLoading = false;
    }
  }

  /** Days that are over change no more: they are read once. */
  async function compare(today: Figures): Promise<void> {
    for (const [day, ago] of [
      ['yesterday', -1],
      ['lastWeek', -7],
    ] as const) {
      if (days.peek()?.[day] !== null) continue;
      const figures = await api.figures(ago);
      const shown = days.peek();
      if (shown?.today.from === today.from) days.value = { ...shown, [day]: figures };
    }
  }

  function tick(): void {
    now.value = localNow() + ahead;
    minute.value = Math.floor(now.value / MINUTE_MS) * MINUTE_MS;
    const patience = changedAt > loadedAt ? FIGURES_MS.busy : FIGURES_MS.quiet;
    if (feed.peek() !== null && localNow() - loadedAt >= patience) void loadFigures();
  }
  scope.every(TICK_MS, tick);

  const isSignedIn = computed(() => session.stage.value.name === 'signed-in');
  const hasDesk = computed(() => {
    const stage = session.stage.value;
    return stage.name === 'signed-in' && stage.session.routing === 'desk';
  });
  scope.add(
    effect(() => {
      if (!isSignedIn.value || !hasDesk.value) return undefined;
      return untracked(() => {
        const opened = createFeed({ ...feedOptions, onView, onRefused: session.check });
        feed.value = opened;
        void loadFigures();
        return () => {
          opened.close();
          feed.value = null;
          view.value = null;
          days.value = null;
          knownAlarms = null;
        };
      });
    }),
  );

  async function act(request: Promise<void>): Promise<ActionResult> {
    try {
      await request;
      return { ok: true };
    } catch (error) {
      const failure = failureOf(error);
      check(failure);
      return error instanceof ApiCallError
        ? { ok: false, failure, words: error.message, cause: error.why }
        : { ok: false, failure, words: '' };
    }
  }

  return {
    session,
    view,
    feed: computed(() => feed.value?.state.value ?? 'connecting'),
    now,
    minute,
    alarms,
    days,
    areFiguresLate,
    loadFigures: () => void loadFigures(),
    figureCalls: api.figureCalls,
    audit: api.audit,
    controlCall: (call, control) => act(api.controlCall(call, control)),
    controlAgent: (agent, control) => act(api.controlAgent(agent, control)),
    onAlarms(listener) {
      alarmListeners.add(listener);
      return () => alarmListeners.delete(listener);
    },
    wake: () => feed.peek()?.wake(),
    slept: () => feed.peek()?.slept(),
    close() {
      scope.close();
      session.close();
    },
  };
}
