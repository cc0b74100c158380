import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { FeedMessage } from '../../domain/api/console-api.ts';
import { createScope } from '../../ui/scope.ts';
import { type ApiFailure, failureOf } from '../session/request.ts';
import { createSessionController, type SessionController } from '../session/session-controller.ts';
import type { ConsoleApi } from './api.ts';
import { type CallsController, createCallsController } from './calls-controller.ts';
import { createFeed, type Feed, type FeedOptions, type FeedState } from './feed.ts';
import { createOpenCall, type OpenCall } from './open-call.ts';
import { createPause, type Pause } from './pause.ts';
import type { Place } from './place.ts';

interface LiveConsoleOptions extends Pick<FeedOptions, 'connect' | 'beforePaint' | 'random'> {
  api: ConsoleApi;
  place: Place;
}

/** Everything that the console knows and does, without a view. */
export interface LiveConsole {
  session: SessionController;
  calls: CallsController;
  openCall: OpenCall;
  pause: Pause;
  feed: ReadonlySignal<FeedState>;
  /** Sends an event to the server once more; resolves with the HTTP status of its answer. */
  replay(callId: string, entryId: number): Promise<number>;
  /** A good moment to try again what failed. */
  wake(): void;
  /** The machine slept: nothing that was connected is any more. */
  slept(): void;
  close(): void;
}

export function createLiveConsole({ api, place, ...feedOptions }: LiveConsoleOptions): LiveConsole {
  const scope = createScope();
  const session = createSessionController(api, 'developer');
  const calls = createCallsController({
    api,
    filter: place.filter,
    agents: () => {
      const stage = session.stage.peek();
      return stage.name === 'signed-in' ? stage.session.agents : [];
    },
    onFailure: checkSession,
  });
  const openCall = createOpenCall({
    api,
    id: place.callId,
    onFailure(failure, id) {
      checkSession(failure);
      if (failure === 'not-found') {
        calls.forget(id);
      }
    },
  });
  const pause = createPause({ apply, reload });
  const feed = signal<Feed | null>(null);

  function checkSession(failure: ApiFailure): void {
    if (failure === 'sign-in-needed' || failure === 'role-missing') {
      session.check();
    }
  }

  function apply(messages: readonly FeedMessage[]): void {
    calls.apply(messages);
    openCall.apply(messages);
  }

  function reload(): void {
    calls.reload();
    openCall.reload();
  }

  const isSignedIn = computed(() => session.stage.value.name === 'signed-in');
  scope.add(
    effect(() => {
      if (!isSignedIn.value) {
        return undefined;
      }
      return untracked(() => {
        const opened = createFeed({
          ...feedOptions,
          onFresh: pause.miss,
          onMessages: pause.take,
          onRefused: session.check,
        });
        feed.value = opened;
        // The server ends the feed, too, when somebody's roles change.
        let before = opened.state.peek();
        const stopChecking = opened.state.subscribe((state) => {
          if (before === 'reconnecting' && state === 'live') {
            session.check();
          }
          before = state;
        });
        // Not only when the feed is open: something may be in its way that lets requests pass.
        reload();
        return () => {
          stopChecking();
          opened.close();
          feed.value = null;
        };
      });
    }),
  );

  return {
    session,
    calls,
    openCall,
    pause,
    feed: computed(() => feed.value?.state.value ?? 'connecting'),
    async replay(callId, entryId) {
      try {
        return (await api.replay(callId, entryId)).status;
      } catch (error) {
        checkSession(failureOf(error));
        throw error;
      }
    },
    wake: () => feed.peek()?.wake(),
    slept: () => feed.peek()?.slept(),
    close() {
      scope.close();
      session.close();
      calls.close();
      openCall.close();
    },
  };
}
