import { usualOutbound } from './outbound.ts';
import type { DeskRules, QueueRules } from './rules.ts';
import type { DeskTexts } from './script.ts';
import { textsFor } from './texts.ts';

/** How the desk works, and what it says. */
export interface DeskSettings {
  rules: DeskRules;
  texts: DeskTexts;
}

/** What the environment says about the desk; the desk file refers to it. */
export interface DeskBasis {
  /** All agents whom the desk file may name. */
  agents: readonly string[];
  /** Whether there may be others, because the accounts could not be read: then no name is wrong. */
  mayHaveOthers?: boolean;
  /** WAIT_MESSAGE, the greeting where the desk file has none. */
  greeting: string;
  /** VOICE_LANGUAGE, the language where the desk file has none. */
  language: string;
  /** Our number: without a desk file, agents may dial its country. */
  number?: string | undefined;
  /** Whether the platform is the emulator, where calls cost nothing. */
  isEmulated?: boolean;
}

/** The desk without a desk file: one queue, all agents, always open. */
export function builtInDesk({ agents, greeting, language, number, isEmulated }: DeskBasis): DeskSettings {
  const outbound = usualOutbound(number, isEmulated ?? false);
  return { rules: { ...builtInRules(agents, greeting, language), outbound }, texts: textsFor(language, {}) };
}

export function builtInRules(agents: readonly string[], greeting: string, language: string): DeskRules {
  return {
    language,
    numbers: {},
    otherNumbers: { greeting, menu: null, queue: 'main' },
    queues: { main: builtInQueue('main', agents) },
    skills: {},
    unansweredLimit: 2,
    comeBackSeconds: 15,
    placeKeptSeconds: 120,
    transcripts: null,
    phrases: {},
    outcomes: [],
    outbound: { countries: [], prefixes: [], except: [] },
  };
}

/** A queue of which the desk file says nothing but the name. */
export function builtInQueue(name: string, agents: readonly string[]): QueueRules {
  return {
    name,
    agents,
    skills: [],
    relaxSeconds: 0,
    priority: 0,
    ringSeconds: 20,
    addAgentSeconds: null,
    wrapUpSeconds: 10,
    music: null,
    musicSeconds: 20,
    announce: { position: true, wait: true, firstAfter: 20, every: 40 },
    longestWait: 600,
    mostWaiting: null,
    nobodyAfter: 60,
    overflow: 'voicemail',
    hours: null,
    voicemail: true,
    callback: false,
    recording: false,
  };
}
