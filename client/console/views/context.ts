import type { ReadonlySignal, Signal } from '@preact/signals';
import { type ComponentType, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CallDetail } from '../../../domain/api/console-api.ts';
import type { Call } from '../../../domain/calls/call.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import type { LogEntry } from '../../../domain/webhooks/log-entry.ts';
import type { Language } from '../../../ui/language.ts';
import type { SingleKeys } from '../../../ui/list-keys.tsx';
import type { Theme } from '../../../ui/theme.ts';
import type { LastAgent } from '../../session/last-agent.ts';
import type { ConsoleStrings } from '../../strings/console-en.ts';
import type { LiveConsole } from '../live-console.ts';
import type { Selection } from '../selection.ts';

/** Reads and shows a call. Loaded after the list, because all that reads events is large. */
export interface CallReader {
  /** Null where there are no entries. */
  callOf(entries: readonly LogEntry[]): Call | null;
  CallView: ComponentType<{
    call: Call;
    entries: readonly LogEntry[];
    /** Null without a desk. */
    desk: readonly DeskEvent[] | null;
    gap: CallDetail['deskGap'] | null;
  }>;
}

/** Everything that the views show and act upon. */
interface PageContext {
  live: LiveConsole;
  selection: Selection;
  strings: ReadonlySignal<ConsoleStrings>;
  language: Signal<Language>;
  /** How times and numbers are written: the language as it is used where the reader lives. */
  locale: ReadonlySignal<string>;
  theme: Signal<Theme>;
  singleKeys: Signal<SingleKeys>;
  reader: ReadonlySignal<CallReader | null>;
  /** Counts how often somebody wanted to go to the first issue of the open call. */
  issueWanted: Signal<number>;
  /** A party as people write it: a number with its spaces, a name, or words for an unknown caller. */
  nameOf(party: string | null): string;
  lastAgent: LastAgent;
  copy: (text: string) => Promise<void>;
  /** Address of this server, with a slash at its end. */
  base: string;
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
