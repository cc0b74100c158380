import { type ReadonlySignal, signal } from '@preact/signals';
import { isRecord } from '../session/request.ts';
import { isTone, type Status } from './status-words.ts';

/**
 * One tab of an agent leads: it alone has the session and the ring. The others follow: they show what it
 * says, and lead as soon as it is gone or they are asked to.
 */
export interface Leadership {
  role: ReadonlySignal<'none' | 'leader' | 'follower'>;
  /** What the leading tab shows; null in the leading tab, and where it does not answer. */
  mirror: ReadonlySignal<Mirror | null>;
  /** Resolves with whether this tab leads for an agent. */
  claim(agent: string): Promise<boolean>;
  /** What this tab shows has changed. */
  publish(): void;
  /** Makes this tab lead, unless the leading one is in a call. */
  takeOver(): void;
  /** Neither leads nor follows any more: nobody is signed in here. */
  leave(): void;
}

/** The state of the leading tab in words. */
export interface Mirror extends Status {
  /** It is in a call, which cannot move to another tab; one that was interrupted can. */
  busy: boolean;
}

interface LeadershipOptions {
  /** Absent where the page is not served securely: each tab then leads. */
  locks: Pick<LockManager, 'request'> | undefined;
  openChannel: (name: string) => BroadcastChannel;
  /** What this tab shows, for the others while it leads. */
  shown: () => Mirror;
  onPromoted: () => void;
  /** Another tab leads now; resolves when this one has let go of its session. */
  onDemoted: () => Promise<void>;
}

/** A tab that is reloaded gives its lock back a moment after the new page has begun (milliseconds). */
const GIVEN_BACK_MS = 500;

/** How often a follower asks what the leader shows, and how long the leader may take (milliseconds). */
const ASK_EVERY_MS = 3_000;
const ANSWER_MS = 2_000;

type Message =
  | { type: 'ask' }
  | { type: 'shown'; mirror: Mirror }
  | { type: 'take-over' }
  /** The leader has let go of its session; or will not, because it is in a call. */
  | { type: 'yielded' }
  | { type: 'busy' };

export function createLeadership(options: LeadershipOptions): Leadership {
  const { locks } = options;
  const role = signal<'none' | 'leader' | 'follower'>('none');
  const mirror = signal<Mirror | null>(null);
  /** What is open for the agent who is here now; replaced as a whole. */
  let membership: Membership | null = null;

  async function claim(agent: string): Promise<boolean> {
    if (membership?.agent !== agent) {
      leave();
      membership = join(agent);
    }
    await membership.decided;
    return role.peek() === 'leader';
  }

  function join(agent: string): Membership {
    const name = `switchboard.agent.${agent}`;
    if (!locks) {
      role.value = 'leader';
      return { agent, decided: Promise.resolve(), publish: () => {}, takeOver: () => {}, leave: () => {} };
    }
    const manager = locks;
    const channel = options.openChannel(name);
    const decided = Promise.withResolvers<void>();
    const left = new AbortController();
    let queued = new AbortController();
    let asking: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let wantsToLead = false;
    let letGo = () => {};

    const say = (message: Message) => channel.postMessage(message);

    /** Leads when the lock is granted, until the lock is let go or stolen. */
    function queue(lockOptions: LockOptions): void {
      const held = Promise.withResolvers<void>();
      let granted = false;
      left.signal.addEventListener('abort', () => held.resolve());
      manager
        .request(name, lockOptions, () => {
          if (left.signal.aborted) {
            return;
          }
          granted = true;
          letGo = held.resolve;
          lead();
          return held.promise;
        })
        .catch(() => {
          // Stolen by another tab; what was only waited for rejects as well.
          if (granted && !left.signal.aborted && role.peek() === 'leader') {
            void follow();
          }
        });
    }

    function waitInQueue(): void {
      queued = new AbortController();
      queue({ signal: queued.signal });
    }

    function lead(): void {
      const wasFollower = role.peek() === 'follower';
      wantsToLead = false;
      stopAsking();
      mirror.value = null;
      role.value = 'leader';
      decided.resolve();
      say({ type: 'shown', mirror: options.shown() });
      if (wasFollower) {
        options.onPromoted();
      }
    }

    async function follow(): Promise<void> {
      const wasLeader = role.peek() === 'leader';
      role.value = 'follower';
      waitInQueue();
      askAgain();
      if (wasLeader) {
        await options.onDemoted();
      }
    }

    function askAgain(): void {
      stopAsking();
      say({ type: 'ask' });
      silence = setTimeout(() => {
        mirror.value = null;
      }, ANSWER_MS);
      asking = setTimeout(askAgain, ASK_EVERY_MS);
    }

    function stopAsking(): void {
      clearTimeout(asking);
      clearTimeout(silence);
    }

    function steal(): void {
      if (wantsToLead && !left.signal.aborted) {
        queued.abort();
        queue({ steal: true });
      }
    }

    function takeOver(): void {
      wantsToLead = true;
      say({ type: 'take-over' });
      // A leader that is frozen does not answer.
      setTimeout(steal, ANSWER_MS);
    }

    async function hear(message: Message): Promise<void> {
      if (role.peek() === 'leader') {
        if (message.type === 'ask') {
          say({ type: 'shown', mirror: options.shown() });
        } else if (message.type === 'take-over') {
          if (options.shown().busy) {
            say({ type: 'busy' });
          } else {
            await follow();
            say({ type: 'yielded' });
            // Whoever asked may be gone by now.
            setTimeout(letGo, ANSWER_MS);
          }
        }
        return;
      }
      switch (message.type) {
        case 'shown':
          clearTimeout(silence);
          mirror.value = message.mirror;
          if (message.mirror.busy) {
            wantsToLead = false;
          } else if (wantsToLead) {
            // It may have begun to lead after it was asked to let go.
            say({ type: 'take-over' });
          }
          break;
        case 'yielded':
          steal();
          break;
        case 'busy':
          wantsToLead = false;
      }
    }

    channel.addEventListener('message', ({ data }) => {
      if (isMessage(data)) {
        void hear(data);
      }
    });
    waitInQueue();
    const patience = setTimeout(() => {
      if (role.peek() === 'none') {
        role.value = 'follower';
        askAgain();
        decided.resolve();
      }
    }, GIVEN_BACK_MS);

    return {
      agent,
      decided: decided.promise,
      publish() {
        if (role.peek() === 'leader') {
          say({ type: 'shown', mirror: options.shown() });
        }
      },
      takeOver,
      leave() {
        clearTimeout(patience);
        stopAsking();
        left.abort();
        queued.abort();
        decided.resolve();
        channel.close();
      },
    };
  }

  function leave(): void {
    membership?.leave();
    membership = null;
    role.value = 'none';
    mirror.value = null;
  }

  return {
    role,
    mirror,
    claim,
    publish: () => membership?.publish(),
    takeOver: () => membership?.takeOver(),
    leave,
  };
}

interface Membership {
  agent: string;
  /** Resolves when this tab leads or follows. */
  decided: Promise<void>;
  publish: () => void;
  takeOver: () => void;
  leave: () => void;
}

/** Another tab may run another version of this page. */
function isMessage(value: unknown): value is Message {
  if (!isRecord(value)) {
    return false;
  }
  switch (value.type) {
    case 'ask':
    case 'take-over':
    case 'yielded':
    case 'busy':
      return true;
    case 'shown':
      return isMirror(value.mirror);
    default:
      return false;
  }
}

function isMirror(value: unknown): value is Mirror {
  return (
    isRecord(value) &&
    typeof value.words === 'string' &&
    isTone(value.tone) &&
    typeof value.busy === 'boolean'
  );
}
