import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from '../../../ui/language.ts';
import type { Theme } from '../../../ui/theme.ts';
import type { LastAgent } from '../../session/last-agent.ts';
import type { Request } from '../../session/request.ts';
import type { Strings } from '../../strings/en.ts';
import type { Agent } from '../agent.ts';
import type { Devices } from '../devices.ts';
import type { Leadership } from '../leadership.ts';
import type { Microphone } from '../microphone.ts';
import type { Notifications } from '../notifications.ts';
import type { Sound } from '../sound.ts';
import { type Readiness, readinessOf } from '../status-words.ts';

export type Pane = 'call' | 'caller' | 'lists';

/** What the panes have in common. */
export interface Panes {
  /** The one that is shown where there is no room for all. */
  shown: Signal<Pane>;
  /** What is known about who calls or is talked to; null where nothing is. */
  contact: Signal<{ name: string | null; company: string | null } | null>;
  /** Calls that the agent missed since she last looked. */
  missed: Signal<number>;
}

export function createPanes(): Panes {
  return { shown: signal<Pane>('call'), contact: signal(null), missed: signal(0) };
}

/** Everything that the views show and act upon. */
interface PageContext {
  agent: Agent;
  strings: ReadonlySignal<Strings>;
  language: Signal<Language>;
  /** How times are written. */
  locale: ReadonlySignal<string>;
  theme: Signal<Theme>;
  sound: Pick<Sound, 'state' | 'unblock' | 'ring'>;
  microphone: Pick<Microphone, 'state' | 'level' | 'check'>;
  devices: Pick<Devices, 'options' | 'chosen' | 'choose' | 'volume' | 'setVolume'>;
  notifications: Pick<Notifications, 'permission' | 'ask'>;
  otherTab: Pick<Leadership, 'mirror' | 'takeOver'>;
  lastAgent: LastAgent;
  panes: Panes;
  /** Asks the server of this page. */
  request: Request;
  copy: (text: string) => Promise<void>;
}

export const Page = createContext<PageContext | null>(null);

/** The page that a view is part of. */
export function usePage(): PageContext {
  const page = useContext(Page);
  if (!page) {
    throw new Error('A view was rendered outside of the page.');
  }
  return page;
}

/** Whether calls reach this agent and can be answered. */
export function useReadiness(): Readiness {
  const { agent, microphone } = usePage();
  return readinessOf(agent, microphone);
}
