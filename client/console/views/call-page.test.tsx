// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('a call that is open', () => {
  beforeEach(() => open());

  it('says who called whom, how it ended and how long it took', () => {
    expect(page.texts('.call__title .visually-hidden')).toEqual(['+44 7700 900000 to +44 20 3829 7050']);
    expect(page.texts('.call__status')).toEqual(['Ended: Completed']);
    expect(facts()).toMatchObject({
      Agent: 'AgentAlice',
      'In all': 'In all12 s',
      'Call id': expect.stringContaining(ID),
    });
    expect(page.texts('.hearing')).toEqual(['The caller is no longer on the line']);
  });

  it('says all that happened as a list of sentences', () => {
    expect(page.texts('.rung__sentence, .rung__words--talk')).toEqual([
      'The caller hears it ring',
      '+44 7700 900000 calls',
      'Vonage asks what to do with the call',
      'The server answers: say “Please wait”, then ring Alice for up to 45 s',
      'Vonage answers the caller',
      'Vonage calls Alice',
      'Alice answers',
      'The caller and Alice talk for 4.00 s',
      'Alice’s part of the call is over',
      'The caller hangs up',
    ]);
    expect(page.all('ol.ladder__rungs > li')).toHaveLength(10);
  });

  it('says when each step came, and how long after the one before', () => {
    expect(page.texts('.rung__time .visually-hidden').slice(0, 5)).toEqual([
      '0 ms after the start',
      '1 ms after the start',
      ', 1 ms after the step before',
      '10 ms after the start',
      ', 9 ms after the step before',
    ]);
    expect(page.texts('.rung__meta')[0]).toBe('POST /voice/eventreplied in 1 msarrived after 100 ms');
  });

  it('draws what it says for eyes only', () => {
    const graphs = page.all('.rung .graph');
    expect(graphs.length).toBe(10);
    expect(graphs.every((graph) => graph.getAttribute('aria-hidden') === 'true')).toBe(true);
    expect(page.texts('.rung:nth-child(6) .arrow__label')).toEqual(['started', 'event']);
  });

  it('has every message as it came, its fields in their order', async () => {
    expect(page.all('pre')).toEqual([]);
    const [first] = page.all<HTMLButtonElement>('.button--tool');
    await page.happen(() => first?.click());
    expect(first?.getAttribute('aria-expanded')).toBe('true');
    expect(page.all('pre')[0]?.textContent).toBe(
      JSON.stringify(entries[0]?.type === 'event' && entries[0].payload, null, 2),
    );
  });

  it('copies a webhook as a command, and says that it is not signed', async () => {
    await page.click('Copy as curl');
    expect(page.copied).toEqual([expect.stringContaining("'http://127.0.0.1:3000/voice/event'")]);
    expect(page.texts('.said').join('')).toContain('It is not signed');
  });

  it('replays an event after a question, and says what came of it', async () => {
    await page.click('Replay');
    expect(page.texts('dialog h2')).toEqual(['Replay this event?']);
    await page.click('Replay now');
    expect(page.api.asked).toContain(`replay 1 of ${ID}`);
    expect(page.texts('.said').join('')).toBe('The server answered 200');
  });

  it('replays nothing without a yes', async () => {
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
    expect(page.texts('.said').join('')).toBe('The event could not be replayed');
  });

  it('marks what was replayed', async () => {
    const [first] = entries;
    if (first) {
      await page.store(summary(1, { id: ID, lastEntryId: 20 }), { ...first, id: 20, replayed: true });
    }
    expect(page.texts('.badge')).toEqual(['Replayed']);
  });

  it('copies its id', async () => {
    await page.click('Copy call id');
    expect(page.copied).toEqual([ID]);
  });
});

describe('a call that goes on', () => {
  beforeEach(() => open(4));

  it('says what the caller hears, and each step when it comes', async () => {
    expect(page.texts('.hearing')).toEqual(['The caller hears the message “Please wait”']);
    for (const [index, expected] of ['hears it ring: Vonage calls Alice', 'talks with Alice'].entries()) {
      const entry = entries[4 + index];
      if (entry) {
        await page.store(summary(1, { id: ID, lastEntryId: entry.id }), entry);
      }
      expect(page.texts('.hearing')).toEqual([`The caller ${expected}`]);
    }
    expect(page.texts('.rung__sentence').at(-1)).toBe('Alice answers');
    expect(page.texts('.call__status')).toEqual(['In call']);
  });
});

it('flags what does not go together, and says how much of it there is', async () => {
  await open();
  const late = { uuid: 'caller-leg', status: 'ringing', timestamp: new Date(CALL_START).toISOString() };
  await page.store(summary(1, { id: ID, lastEntryId: 20 }), eventOf(20, ID, late, CALL_START + 20_000));
  expect(page.texts('.ladder__warnings')).toEqual(['1 step to look at']);
  expect(page.texts('.rung:last-child .flag')).toEqual([
    'Out of order: it happened 11.60 s before a step above',
    'Told after the end of its leg',
  ]);
});

it('says that a call is not known', async () => {
  page = await openPage({ place: { filter: everything, callId: 'CON-9' } });
  expect(page.texts('.call .failure')[0]).toContain('This call is not known');
});

it('says that a call could not be loaded, and tries again', async () => {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare(api) {
      api.failure = 'internal';
      api.entries.set(ID, [...entries]);
    },
  });
  page.api.failure = null;
  await page.happen(() => page.all<HTMLButtonElement>('.call .failure button')[0]?.click());
  await expect.poll(() => page.texts('.call__status')).toEqual(['Ended: Completed']);
});

it('shows the first steps of a very long call, and the others when asked', async () => {
  page = await openPage({
    place: { filter: everything, callId: ID },
    prepare: (api) =>
      api.entries.set(
        ID,
        Array.from({ length: 250 }, (_, index) => eventOf(index, ID, { uuid: 'x' }, index)),
      ),
  });
  expect(page.all('.rung')).toHaveLength(200);
  await page.click('Show the other 50 steps');
  expect(page.all('.rung')).toHaveLength(250);
});
