import type { WebhookEvent } from '../../domain/webhook-event.ts';

/** The events of one call from a phone to an app, as Vonage's tutorial publishes them: out of order, too. */
export const tutorialEvents: readonly WebhookEvent[] = [
  {
    headers: {},
    from: '447700900000',
    to: '442038297050',
    uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'ringing',
    direction: 'inbound',
    timestamp: '2021-03-29T21:20:05.582Z',
  },
  {
    headers: {},
    from: '447700900000',
    to: '442038297050',
    uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'started',
    direction: 'inbound',
    timestamp: '2021-03-29T21:20:05.582Z',
  },
  {
    start_time: null,
    headers: {},
    rate: null,
    from: '447700900000',
    to: '442038297050',
    uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'answered',
    direction: 'inbound',
    network: null,
    timestamp: '2021-03-29T21:20:06.182Z',
  },
  {
    from: '447700900000',
    to: 'Alice',
    uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'started',
    direction: 'outbound',
    timestamp: '2021-03-29T21:20:13.025Z',
  },
  {
    start_time: null,
    headers: {},
    rate: null,
    from: '447700900000',
    to: 'Alice',
    uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'answered',
    direction: 'outbound',
    network: null,
    timestamp: '2021-03-29T21:20:13.025Z',
  },
  {
    headers: {},
    end_time: '2021-03-29T21:20:16.000Z',
    uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
    network: null,
    duration: '5',
    start_time: '2021-03-29T21:20:11.000Z',
    rate: '0.00',
    price: '0',
    from: '447700900000',
    to: 'Alice',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'completed',
    direction: 'outbound',
    timestamp: '2021-03-29T21:20:17.574Z',
  },
  {
    headers: {},
    end_time: '2021-03-29T21:20:18.000Z',
    uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
    network: 'GB-FIXED',
    duration: '12',
    start_time: '2021-03-29T21:20:06.000Z',
    rate: '0.00720000',
    price: '0.00144000',
    from: ' 447700900000',
    to: '442038297050',
    conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
    status: 'completed',
    direction: 'inbound',
    timestamp: '2021-03-29T21:20:17.514Z',
  },
];

/** What the tutorial's terminal shows for that call. */
export const tutorialLog: string = `NCCO request:
  - caller: 447700900000
  - callee: 442038297050
---
EVENT:
{
  headers: {},
  from: '447700900000',
  to: '442038297050',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'ringing',
  direction: 'inbound',
  timestamp: '2021-03-29T21:20:05.582Z'
}
---
EVENT:
{
  headers: {},
  from: '447700900000',
  to: '442038297050',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'started',
  direction: 'inbound',
  timestamp: '2021-03-29T21:20:05.582Z'
}
---
EVENT:
{
  start_time: null,
  headers: {},
  rate: null,
  from: '447700900000',
  to: '442038297050',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'answered',
  direction: 'inbound',
  network: null,
  timestamp: '2021-03-29T21:20:06.182Z'
}
---
EVENT:
{
  from: '447700900000',
  to: 'Alice',
  uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'started',
  direction: 'outbound',
  timestamp: '2021-03-29T21:20:13.025Z'
}
---
EVENT:
{
  start_time: null,
  headers: {},
  rate: null,
  from: '447700900000',
  to: 'Alice',
  uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'answered',
  direction: 'outbound',
  network: null,
  timestamp: '2021-03-29T21:20:13.025Z'
}
---
EVENT:
{
  headers: {},
  end_time: '2021-03-29T21:20:16.000Z',
  uuid: '944bf4bf-8dc7-4e23-86b2-2f4234777416',
  network: null,
  duration: '5',
  start_time: '2021-03-29T21:20:11.000Z',
  rate: '0.00',
  price: '0',
  from: '447700900000',
  to: 'Alice',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'completed',
  direction: 'outbound',
  timestamp: '2021-03-29T21:20:17.574Z'
}
---
EVENT:
{
  headers: {},
  end_time: '2021-03-29T21:20:18.000Z',
  uuid: '0779a56d002f1c7f47f82ef5fe84ab79',
  network: 'GB-FIXED',
  duration: '12',
  start_time: '2021-03-29T21:20:06.000Z',
  rate: '0.00720000',
  price: '0.00144000',
  from: ' 447700900000',
  to: '442038297050',
  conversation_uuid: 'CON-8f5a100c-fbce-4218-8d4b-16341335bcd6',
  status: 'completed',
  direction: 'inbound',
  timestamp: '2021-03-29T21:20:17.514Z'
}
---
`;
