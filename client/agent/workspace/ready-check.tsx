import { CircleAlert, CircleCheck, CircleX, LoaderCircle, RefreshCw } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { currentCall } from '../call-state.ts';
import { useReadiness } from '../views/context.ts';
import { useWorkspace } from './use-workspace.ts';

/** A longer way to the server and back is felt when calls are answered (milliseconds). */
const SLOW_MS = 1_000;

/** Milliseconds to the server and back. */
type Trip = number | 'pending' | 'none';

interface Check {
  name: string;
  state: 'ok' | 'pending' | 'warning' | 'broken';
  words: string;
  /** What may help, with its name. */
  fix: [string, () => void] | null;
}

const icons = { ok: CircleCheck, pending: LoaderCircle, warning: CircleAlert, broken: CircleX };

/**
 * Whether a call would ring here and could be answered: looked at when the agent becomes available. The microphone is
 * checked in the section above it.
 */
export function ReadyCheck() {
  const { agent, microphone, request, sound, words } = useWorkspace();
  const text = words.ready;
  const { line, desk, calledInstead } = useReadiness();
  const [trip, setTrip] = useState<Trip>('pending');
  const isUp = line.name === 'open' && (desk === null || desk.presence === 'leads');
  const isAvailable = desk === null ? calledInstead === null : desk.me?.choice === 'available';
  const isShown =
    isAvailable &&
    !['loading', 'signed-out', 'signing-in', 'following'].includes(line.name) &&
    desk?.presence !== 'elsewhere' &&
    currentCall(agent.calls.phase.value) === null;
  const attempt = useRef(0);

  async function measure(): Promise<void> {
    attempt.current += 1;
    const mine = attempt.current;
    setTrip('pending');
    const began = performance.now();
    const took = await request('api/session').then(
      () => Math.max(1, Math.round(performance.now() - began)),
      () => 'none' as const,
    );
    if (attempt.current === mine) {
      setTrip(took);
      agent.log.add(
        `ready check: sound ${sound.state.peek()}, microphone ${microphone.state.peek()}, round trip ${took}${took === 'none' ? '' : ' ms'}`,
      );
    }
  }

  useEffect(() => {
    if (isAvailable && isUp) {
      void sound.unblock();
      if (microphone.state.peek() === 'unknown') {
        void microphone.check();
      }
      void measure();
    }
  }, [isAvailable, isUp]);

  const checks = useChecks(trip, isUp);
  if (!isShown) {
    return null;
  }
  const isReady =
    checks.every(({ state }) => state === 'ok') && ['ready', 'listening'].includes(microphone.state.value);
  return (
    <section class="ready" aria-label={text.title}>
      <ul class="ready__checks">
        {checks.map(({ name, state, words: said, fix }) => (
          <li key={name} class={`ready__check ready__check--${state}`}>
            <Icon
              icon={icons[state]}
              class={state === 'pending' ? 'icon--turning' : `ready__icon--${state}`}
            />
            {said}
            {fix && (
              <button type="button" class="button button--small" onClick={fix[1]}>
                {fix[0]}
              </button>
            )}
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="icon-button ready__again"
        title={text.again}
        aria-label={text.again}
        onClick={() => void measure()}
      >
        <Icon icon={RefreshCw} />
      </button>
      <p class="visually-hidden" aria-live="polite">
        {isReady ? text.all : ''}
      </p>
    </section>
  );
}

function useChecks(trip: Trip, isUp: boolean): Check[] {
  const { agent, notifications, sound, words } = useWorkspace();
  const text = words.ready;
  const [heard, shows] = [sound.state.value, notifications.permission.value];
  const isComing = ['connecting', 'reconnecting', 'open'].includes(agent.line.state.value.name);
  const none = { fix: null };
  return [
    {
      name: 'sound',
      state: heard === 'on' ? 'ok' : heard === 'none' ? 'broken' : 'warning',
      words: text.sound[heard],
      fix: heard === 'blocked' ? [text.soundOn, () => void sound.unblock()] : null,
    },
    {
      name: 'session',
      state: isUp ? 'ok' : isComing ? 'pending' : 'broken',
      words: text.session[isUp ? 'up' : isComing ? 'coming' : 'down'],
      // What is wrong with the line is said above, with its button.
      ...none,
    },
    {
      name: 'notifications',
      state: shows === 'granted' ? 'ok' : 'warning',
      words: text.notifications[shows],
      fix: shows === 'default' ? [text.allow, () => void notifications.ask()] : null,
    },
    { name: 'trip', ...tripOf(trip, text), ...none },
  ];
}

function tripOf(
  trip: Trip,
  text: ReturnType<typeof useWorkspace>['words']['ready'],
): Pick<Check, 'state' | 'words'> {
  switch (trip) {
    case 'pending':
      return { state: 'pending', words: text.tripPending };
    case 'none':
      return { state: 'broken', words: text.tripNone };
    default:
      return trip < SLOW_MS
        ? { state: 'ok', words: text.trip(trip) }
        : { state: 'warning', words: text.tripSlow(trip) };
  }
}
