// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_SILENCE_MS } from '../../../domain/calls/silence.ts';
import type { DeskEvent } from '../../../domain/desk/events.ts';
import { CALL_START, callEntries, eventOf } from '../fake-call.ts';
import { summary } from '../fake-messages.ts';
import { everything } from '../filter.ts';
import { type FakePage, openPage } from './fake-page.tsx';

let page: FakePage;

const ID = 'CON-1';
const entries = callEntries(ID);

async function open(count = entries.length): Promise<void> {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare(api) {
      api.summaries = [summary(1, { id: ID })];
      api.entries.set(ID, entries.slice(0, count));
    },
  });
  await page.happen(() => page.server.open());
}

afterEach(() => page.close());

const facts = () =>
  Object.fromEntries(page.texts('.facts__fact').map((fact, index) => [page.texts('dt')[index], fact]));

describe('an open call', () => {
  beforeEach(() => open());

  it('shows the parties, the outcome and the duration', () => {
    expect(page.texts('.call__title .visually-hidden')).toEqual(['+44 7700 900000 to +44 20 3829 7050']);
    expect(page.texts('.call__status')).toEqual(['Ended: Completed · caller hung up']);
    expect(facts()).toMatchObject({
      Agent: 'AgentAlice',
      Total: 'Total12 s',
      'Hung up by': 'Hung up byCaller',
      Price: 'Price€0.00144',
      'Call ID': expect.stringContaining(ID),
    });
    expect(page.texts('.caller-audio')).toEqual(['The caller has left the call']);
  });

  it('can be exported', () => {
    const links = page.all<HTMLAnchorElement>('a[download]').map((link) => link.getAttribute('href'));
    expect(links).toEqual([`api/calls/${ID}/export/har`, `api/calls/${ID}/export/json`]);
  });

  it('describes everything that happened as a list of sentences', () => {
    expect(page.texts('.rung__sentence, .rung__words--talk')).toEqual([
      'The caller hears ringing',
      '+44 7700 900000 calls',
      'Vonage asks what to do with the call',
      'The server replies: say “Please wait”, then ring Alice for up to 45 s',
      'Vonage answers the caller',
      'Vonage calls Alice',
      'Alice answers',
      'The caller and Alice talk for 4.00 s',
      'Alice’s leg ended',
      'The caller hangs up',
    ]);
    expect(page.all('ol.ladder__rungs > li')).toHaveLength(10);
  });

  it('shows when each step happened, and how long after the previous one', () => {
    expect(page.texts('.rung__time .visually-hidden').slice(0, 5)).toEqual([
      '0 ms after the start',
      '1 ms after the start',
      ', 1 ms after the previous step',
      '10 ms after the start',
      ', 9 ms after the previous step',
    ]);
    expect(page.texts('.rung__meta')[0]).toBe('POST /voice/eventreplied 200 in 1 mswebhook delay 100 ms');
  });

  it('hides its drawing from assistive technology', () => {
    const graphs = page.all('.rung .graph');
    expect(graphs.length).toBe(10);
    expect(graphs.every((graph) => graph.getAttribute('aria-hidden') === 'true')).toBe(true);
    expect(page.texts('.rung:nth-child(6) .arrow__label')).toEqual(['started', 'event']);
  });

  it('has every message as received, with its fields in order', async () => {
    expect(page.all('pre')).toEqual([]);
    const [first] = page.all<HTMLButtonElement>('.button--tool');
    await page.happen(() => first?.click());
    expect(first?.getAttribute('aria-expanded')).toBe('true');
    expect(page.all('pre')[0]?.textContent).toBe(
      JSON.stringify(entries[0]?.type === 'event' && entries[0].payload, null, 2),
    );
  });

  it('copies a webhook as a command', async () => {
    await page.click('Copy as curl');
    expect(page.copied).toEqual([expect.stringContaining("'http://127.0.0.1:3000/voice/event'")]);
    expect(page.texts('.said').join('')).toBe('Copied');
  });

  it('says that a server which checks signatures will reject the command', async () => {
    page.api.state = { ...page.api.state, checksSignatures: true };
    await page.happen(page.live.session.check);
    await page.click('Copy as curl');
    expect(page.texts('.said').join('')).toContain('will reject it');
  });

  it('replays an event after confirmation, and shows the result', async () => {
    await page.click('Replay');
    expect(page.texts('dialog h2')).toEqual(['Replay this event?']);
    await page.click('Replay now');
    expect(page.api.asked).toContain(`replay 1 of ${ID}`);
    expect(page.texts('.said').join('')).toBe('The server replied 200');
  });

  it('replays nothing without confirmation', async () => {
    await page.click('Replay');
    await page.happen(() => page.all<HTMLDialogElement>('dialog')[0]?.close());
    expect([page.all('dialog'), page.api.asked.some((asked) => asked.startsWith('replay'))]).toEqual([
      [],
      false,
    ]);
  });

  it('says that an event could not be replayed', async () => {
    page.api.failure = 'internal';
    await page.click('Replay');
    await page.click('Replay now');
    expect(page.texts('.said').join('')).toBe('Could not replay the event');
  });

  it('marks replayed events', async () => {
    const [first] = entries;
    if (first) {
      await page.store(summary(1, { id: ID, lastEntryId: 20 }), { ...first, id: 20, replayed: true });
    }
    expect(page.texts('.badge')).toEqual(['Replayed']);
  });

  it('copies its ID', async () => {
    await page.click('Copy call ID');
    expect(page.copied).toEqual([ID]);
  });
});

describe('a live call', () => {
  beforeEach(() => open(4));

  it('shows what the caller hears, and each step as it arrives', async () => {
    expect(page.texts('.caller-audio')).toEqual(['The caller hears the message “Please wait”']);
    for (const [index, expected] of [
      'hears ringing: Vonage is calling Alice',
      'is talking with Alice',
    ].entries()) {
      const entry = entries[4 + index];
      if (entry) {
        await page.store(summary(1, { id: ID, lastEntryId: entry.id }), entry);
      }
      expect(page.texts('.caller-audio')).toEqual([`The caller ${expected}`]);
    }
    expect(page.texts('.rung__sentence').at(-1)).toBe('Alice answers');
    expect(page.texts('.call__status')).toEqual(['In call']);
  });
});

describe('the ladder', () => {
  beforeEach(() => open(6));

  it('shows webhooks received more than once, and how often', async () => {
    const [told, , asked] = entries;
    if (told && asked) {
      await page.store(summary(1, { id: ID, lastEntryId: 19 }), { ...told, id: 19, repeats: told.id });
      await page.store(summary(1, { id: ID, lastEntryId: 20 }), { ...told, id: 20, repeats: told.id });
      await page.store(summary(1, { id: ID, lastEntryId: 21 }), { ...asked, id: 21, repeats: asked.id });
    }
    expect(page.texts('.badge')).toEqual([
      'Delivered 3 times',
      'Repeated',
      'Repeated',
      'Delivered 2 times',
      'Retry',
      'Retry',
    ]);
  });

  it('shows the reply to an event', async () => {
    const timeout = { uuid: 'agent-leg', status: 'timeout' };
    const ncco = [{ action: 'talk', text: 'Nobody is there' } as const];
    const entry = { ...eventOf(20, ID, timeout, CALL_START + 9_000), reply: { status: 200, ncco } };
    await page.store(summary(1, { id: ID, lastEntryId: 20 }), entry);
    expect(page.texts('.rung__sentence').slice(-2)).toEqual([
      'Alice does not answer in time',
      'The server replies: say “Nobody is there”',
    ]);
    expect(page.texts('.rung__meta').slice(-2)).toEqual(['POST /voice/event', 'replied 200 in 1 ms']);
    expect(page.texts('.caller-audio')).toEqual(['The caller hears the message “Nobody is there”']);
  });

  it('continues in another conversation, and names it', async () => {
    const moved = {
      type: 'transfer',
      uuid: 'agent-leg',
      conversation_uuid_from: ID,
      conversation_uuid_to: 'CON-2',
    };
    const entry = eventOf(20, ID, moved, CALL_START + 9_000);
    await page.store(summary(1, { id: ID, lastEntryId: 20 }), entry);
    expect(facts()).toMatchObject({ 'Other conversations': 'Other conversationsCON-2' });
    expect(page.texts('.caller-audio')).toEqual(['The caller is talking with Alice']);
  });

  it('shows that an answer request got no NCCO', async () => {
    const asked = entries[2];
    if (asked) {
      const refused = { ...asked, id: 20, receivedAt: CALL_START + 9_000, reply: { status: 503 } };
      await page.store(summary(1, { id: ID, lastEntryId: 20 }), refused);
    }
    expect(page.texts('.rung__sentence').at(-1)).toBe('The server replies 503, without instructions');
  });

  it('says who ended a leg', async () => {
    const ended = { uuid: 'agent-leg', status: 'completed', disconnected_by: 'platform' };
    await page.store(summary(1, { id: ID, lastEntryId: 20 }), eventOf(20, ID, ended, CALL_START + 9_000));
    expect(page.texts('.rung__sentence').at(-1)).toBe('Vonage ends Alice’s leg');
  });

  it('does not mistake the start time in an app leg’s answer for a delay', async () => {
    const at = { timestamp: new Date(CALL_START + 7_400).toISOString() };
    const answered = { to: 'Alice', uuid: 'app-leg', direction: 'outbound', ...at };
    for (const [id, status, second] of [
      [20, 'started', 7.5],
      [21, 'answered', 15.5],
    ] as const) {
      const event = eventOf(id, ID, { ...answered, status }, CALL_START + second * 1_000);
      await page.store(summary(1, { id: ID, lastEntryId: id }), event);
    }
    expect(page.texts('.rung__sentence').at(-1)).toBe('Alice answers');
    expect(page.texts('.rung__meta').at(-1)).toBe('POST /voice/eventreplied 200 in 1 ms');
  });
});

describe('the desk', () => {
  const at = (second: number) => ({ call: 'caller-leg', at: CALL_START + 100 + second * 1_000 });
  const offer = { reservation: 'r1', agent: 'Alice' };
  const caller = { from: '447700900000', to: '442038297050', regionUrl: null };
  const events: readonly DeskEvent[] = [
    { ...at(1), kind: 'entered', caller, queue: 'main', stage: 'waiting', enqueuedAt: at(1).at },
    { ...at(1), kind: 'turn', turn: 0, turnBy: at(9).at, hears: 'greeting', told: null },
    {
      ...at(1),
      ...offer,
      kind: 'offered',
      until: at(11).at,
      why: {
        candidates: [
          { agent: 'Alice', idleSeconds: 8 },
          { agent: 'Bob', idleSeconds: 3 },
        ],
        passedOver: [{ agent: 'Carol', because: 'line down' }],
      },
    },
    { ...at(2), ...offer, kind: 'rang' },
    { ...at(5), ...offer, kind: 'accepted', leg: 'agent-leg', until: at(15).at },
    { ...at(5.2), ...offer, kind: 'connected' },
  ];
  const sentences = () => page.texts('.desk__sentence');

  async function openWith(count: number, desk: readonly DeskEvent[] | undefined): Promise<void> {
    page = await openPage({
      place: { filter: everything, callId: ID },
      prepare(api) {
        api.summaries = [summary(1, { id: ID })];
        api.entries.set(ID, entries.slice(0, count));
        if (desk) {
          api.desk.set(ID, desk);
        }
      },
    });
    await page.happen(() => page.server.open());
  }

  it('is a section with what it did, when, and what the caller hears now', async () => {
    await openWith(4, events.slice(0, 4));
    expect(page.texts('.desk h3')).toEqual(['Desk']);
    expect(sentences()).toEqual([
      'The caller enters the queue main',
      'The caller hears the greeting',
      'The call is offered to Alice',
      'Alice’s page rings',
    ]);
    expect(page.texts('.desk__time .visually-hidden').at(-1)).toBe('2.00 s after the start');
    expect(page.texts('.desk__now')).toEqual(['Now: The caller hears the greeting']);
  });

  it('says why each agent was rung, and on request who else was considered', async () => {
    await openWith(4, events);
    expect(page.texts('.desk__why')).toEqual(['Idle longest: 8 s; Carol is not connected']);
    expect(page.texts('.desk__details summary')).toEqual(['Why this agent?']);
    expect(page.all<HTMLDetailsElement>('.desk__details').map(({ open }) => open)).toEqual([false]);
    expect(page.texts('.desk__considered li')).toEqual([
      'Alice: chosen, idle for 8 s',
      'Bob: also free, idle for 3 s',
      'Carol is not connected',
    ]);
  });

  it('says where steps are left out, because there are too many', async () => {
    page = await openPage({
      place: { filter: everything, callId: ID },
      prepare(api) {
        api.summaries = [summary(1, { id: ID })];
        api.entries.set(ID, entries.slice(0, 4));
        api.desk.set(ID, events);
        api.deskGaps.set(ID, { after: 2, omitted: 1_234 });
      },
    });
    await page.happen(() => page.server.open());
    expect(page.texts('.desk__steps > li').map((line) => line.replace(/^.*?start/, ''))[2]).toBe(
      '1,234 steps are left out here',
    );
  });

  it('grows while entries arrive, and keeps open what was opened', async () => {
    await openWith(4, events.slice(0, 4));
    const [details] = page.all<HTMLDetailsElement>('.desk__details');
    await page.happen(() => details?.setAttribute('open', ''));
    page.api.desk.set(ID, events);
    const entry = entries[4];
    if (entry) {
      await page.store(summary(1, { id: ID, lastEntryId: entry.id }), entry);
    }
    await expect.poll(sentences, { timeout: 5_000 }).toHaveLength(6);
    expect(page.texts('.desk__now')).toEqual(['Now: The caller hears the agent']);
    expect(page.all<HTMLDetailsElement>('.desk__details')[0]?.open).toBe(true);
  });

  it('says nothing of what the caller hears once the call is over', async () => {
    await openWith(entries.length, events);
    expect(sentences()).toHaveLength(6);
    expect(page.all('.desk__now')).toEqual([]);
  });

  it.each([
    ['without a desk', undefined],
    ['for a call that did not go through the desk', []],
  ])('has no section %s', async (_name, desk) => {
    await openWith(4, desk);
    expect(page.all('.rung').length).toBeGreaterThan(0);
    expect(page.all('.desk')).toEqual([]);
  });

  it('speaks Spanish', async () => {
    await openWith(4, events.slice(0, 4));
    await page.happen(() => {
      page.language.value = 'es';
    });
    expect(page.texts('.desk h3, .desk__sentence, .desk__why, .desk__now')).toEqual([
      'Centralita',
      'Quien llama entra en la cola main',
      'Quien llama oye el saludo',
      'La llamada se ofrece a Alice',
      'Lleva más tiempo libre: 8 s; Carol no tiene conexión',
      'Suena la página de Alice',
      'Ahora: Quien llama oye el saludo',
    ]);
  });
});

it('ends a call without events for longer than a call can last', async () => {
  const silentAt = CALL_START + 100 + LONGEST_SILENCE_MS;
  page = await openPage({
    place: { filter: everything, callId: ID },
    now: silentAt - 20,
    prepare(api) {
      api.summaries = [summary(1, { id: ID, lastHeardAt: CALL_START + 100 })];
      api.entries.set(ID, entries.slice(0, 1));
    },
  });
  expect(page.texts('.call__status')).not.toContain('Ended: End unknown');
  vi.setSystemTime(silentAt);
  await expect.poll(() => page.texts('.call__status')).toEqual(['Ended: End unknown']);
  await expect.poll(() => page.lines()[0]).toMatch(/^Ended End unknown/);
  expect(page.texts('.caller-audio')).toEqual(['The caller has left the call']);
});

it('marks what is looked for, in the steps and their payloads', async () => {
  page = await openPage({
    place: { filter: { ...everything, text: 'number:7700900 please wait' }, callId: ID },
    prepare(api) {
      api.summaries = [summary(1, { id: ID })];
      api.entries.set(ID, entries);
    },
  });
  expect(page.texts('.call-row mark')).toEqual(['7700 900']);
  expect(page.texts('.rung__sentence:has(mark)')).toEqual([
    'The server replies: say “Please wait”, then ring Alice for up to 45 s Match',
  ]);
  await page.happen(() => page.all<HTMLButtonElement>('.rung:has(mark) button')[0]?.click());
  expect(page.texts('.json-text mark')).toEqual(['Please wait']);
});

it('shows in a call how the caller left the desk', async () => {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare(api) {
      api.entries.set(ID, entries.slice(0, 4).concat(entries.slice(-1)));
      api.desk.set(ID, [
        {
          kind: 'left',
          at: 1,
          call: 'caller-leg',
          exit: 'abandoned',
          by: 'caller',
          hears: 'nothing',
          voicemail: null,
        },
      ]);
    },
  });
  expect(page.texts('.call__status')).toEqual(['Ended: Abandoned · caller hung up']);
});

it.each([
  ['button', () => page.click('1 issue')],
  ['key', () => page.press('i')],
])('goes to the first issue by %s, even to a step that was not shown', async (_by, act) => {
  const slow = { ...eventOf(220, ID, { uuid: 'x' }, 220), took: 2_000 };
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare: (api) =>
      api.entries.set(ID, [
        ...Array.from({ length: 220 }, (_, index) => eventOf(index, ID, { uuid: 'x' }, index)),
        slow,
      ]),
  });
  expect(page.all('.rung')).toHaveLength(200);
  await act();
  expect(document.activeElement?.querySelector('.flag')?.textContent).toBe('Slow reply: 2.00\u00a0s');
});

it('flags inconsistencies, and counts them', async () => {
  await open();
  const late = { uuid: 'caller-leg', status: 'ringing', timestamp: new Date(CALL_START).toISOString() };
  await page.store(summary(1, { id: ID, lastEntryId: 20 }), eventOf(20, ID, late, CALL_START + 20_000));
  expect(page.texts('.ladder__warnings')).toEqual(['1 issue']);
  expect(page.texts('.rung:last-child .flag')).toEqual([
    'Out of order: happened 11.60 s before an earlier step',
    'Received after the leg ended',
  ]);
});

it('says that a call is unknown', async () => {
  page = await openPage({ place: { filter: everything, callId: 'CON-9' } });
  expect(page.texts('.call .failure')[0]).toContain('Call not found');
});

it('says that a call failed to load, and can retry', async () => {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare(api) {
      api.failure = 'internal';
      api.entries.set(ID, [...entries]);
    },
  });
  page.api.failure = null;
  await page.happen(() => page.all<HTMLButtonElement>('.call .failure button')[0]?.click());
  await expect.poll(() => page.texts('.call__status')).toEqual(['Ended: Completed · caller hung up']);
});

it('shows the first steps of a very long call, and the others on request', async () => {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare: (api) =>
      api.entries.set(
        ID,
        Array.from({ length: 250 }, (_, index) => eventOf(index, ID, { uuid: 'x' }, index)),
      ),
  });
  expect(page.all('.rung')).toHaveLength(200);
  await page.click('Show 50 more steps');
  expect(page.all('.rung')).toHaveLength(250);
});
