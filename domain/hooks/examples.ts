import type { Hook } from './hook.ts';

const TIME = '2026-03-02T09:00:42.000Z';

const missed = {
  call: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  direction: 'inbound',
  isCallback: false,
  customerNumber: '+447700900123',
  ourNumber: '+442038297050',
  queue: 'support',
  outcome: 'voicemail',
  answeredBy: null,
  hungUpBy: null,
  waitedSeconds: null,
  talkedSeconds: null,
  startedAt: '2026-03-02T09:00:00.000Z',
  voicemail: '0123456789abcdef0123456789abcdef',
} as const;

/** One hook of each type, as docs/hooks.md shows them and `npm run hooks -- test` sends them. */
export const EXAMPLES: readonly Hook[] = [
  {
    type: 'call.ended',
    timestamp: TIME,
    data: {
      ...missed,
      outcome: 'answered',
      answeredBy: 'Alice',
      hungUpBy: 'caller',
      waitedSeconds: 12,
      talkedSeconds: 30,
      voicemail: null,
    },
  },
  { type: 'call.missed', timestamp: TIME, data: missed },
  {
    type: 'voicemail.received',
    timestamp: TIME,
    data: {
      voicemail: missed.voicemail,
      call: missed.call,
      customerNumber: missed.customerNumber,
      queue: missed.queue,
      seconds: 14.5,
    },
  },
  {
    type: 'agent.changed',
    timestamp: TIME,
    data: { agent: 'Alice', choice: 'away', reason: 'lunch', line: 'up', load: 'free' },
  },
];
