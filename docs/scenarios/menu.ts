import { scenario } from '../../emulator/scenario/scenario.ts';

/** A keypad menu: 1 connects to Alice, any other key says goodbye. */
export default scenario({
  name: 'A menu',
  application: {
    answer: ({ from }) => [
      { action: 'talk', text: `Hello ${from}. Press 1 for sales.`, bargeIn: true },
      { action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1 } },
    ],
    event(event) {
      const keys: unknown = Object(event.dtmf).digits;
      if (typeof keys !== 'string') return undefined;
      return keys === '1'
        ? [{ action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] }]
        : [{ action: 'talk', text: 'Goodbye' }];
    },
  },
  agents: { Alice: { does: 'answer', after: 2, hangUpAfter: 10 } },
  calls: [
    {
      steps: [{ on: 'speech ended', after: 1, press: '1' }],
      expect: {
        caller: { events: ['ringing', 'started', 'answered', 'input', 'completed'] },
        Alice: { duration: 10 },
      },
    },
    {
      at: 60,
      from: '447700900001',
      // Interrupts the message.
      steps: [{ on: 'answered', after: 0.5, press: '9' }],
      expect: {
        caller: { events: ['ringing', 'started', 'answered', 'input', 'completed'], duration: [1, 4] },
      },
    },
  ],
});
