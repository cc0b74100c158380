import type { DeskRules, QueueRules } from './rules.ts';

/** The desk without a desk file: one queue, all agents, always open. */
export function builtInRules(agents: readonly string[], greeting: string, language: string): DeskRules {
  const queue: QueueRules = {
    name: 'main',
    agents,
    skills: [],
    relaxSeconds: 0,
    priority: 0,
    ringSeconds: 20,
    addAgentSeconds: null,
    wrapUpSeconds: 10,
    music: null,
    announce: { position: true, wait: true, firstAfter: 20, every: 40 },
    longestWait: 600,
    mostWaiting: null,
    nobodyAfter: 60,
    overflow: 'voicemail',
    hours: null,
    voicemail: true,
    callback: false,
  };
  return {
    language,
    numbers: {},
    otherNumbers: { greeting, menu: null, queue: 'main' },
    queues: { main: queue },
    skills: {},
    unansweredLimit: 2,
    comeBackSeconds: 15,
    placeKeptSeconds: 120,
  };
}
