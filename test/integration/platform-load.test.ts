import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkedFaults, type FaultInput } from '../../emulator/faults/faults.ts';
import { createMediaClock } from '../../emulator/media/clock.ts';
import type { Platform } from '../../emulator/platform.ts';
import { createPlatform } from '../../emulator/platform.ts';
import type { Arrival } from '../support/arrivals.ts';
import { differencesIn, readArrival } from '../support/arrivals.ts';
import { AppUser } from './support/app-user.ts';
import type { Application } from './support/application.ts';
import { startApplication } from './support/application.ts';
import { PhonePage } from './support/phone-page.ts';
import { createUser } from './support/sdk-page.ts';
import { createToneLine } from './support/tone-line.ts';

const CONNECT = { action: 'connect', endpoint: [{ type: 'app', user: 'Alice' }] };
let application: Application;
let platform: Platform;
let log: string[];

beforeEach(async () => {
  log = [];
  application = await startApplication([CONNECT]);
  const { answerUrl, eventUrl } = application;
  platform = await createPlatform({ answerUrl, eventUrl, limits: false, log: (line) => log.push(line) });
});
afterEach(async () => {
  await platform.close();
  await application[Symbol.asyncDispose]();
});

const arrivals = (): Arrival[] => application.events.map((event) => readArrival(event, Date.now()));

async function control(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${platform.url}/emulator/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: answer.status, body: JSON.parse((await answer.text()) || '{}') };
}

/** Places simultaneous calls from different numbers, as outside programs do. @returns their legs */
async function place(count: number): Promise<string[]> {
  const { number } = platform.credentials;
  const placed = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      control('POST', 'calls', { from: String(447700900000 + index), to: number }),
    ),
  );
  expect(placed.map(({ status }) => status)).toEqual(placed.map(() => 201));
  return placed.map(({ body }) => String(body.uuid));
}

const told = (kind: string, direction: string) =>
  arrivals().filter((one) => one.kind === kind && one.direction === direction).length;
const allOver = (count: number) =>
  expect.poll(() => told('completed', 'inbound'), { timeout: 20_000 }).toBe(count);

describe('a hundred calls at once', () => {
  const CALLS = 100;

  test('send each event once and in order', async () => {
    const agent = { user: 'Alice', rule: { does: 'answer', after: [0, 0.5], hangUpAfter: [0.5, 1] } };
    expect(await control('POST', 'agents', agent)).toEqual({ status: 201, body: agent });
    await place(CALLS);
    await allOver(CALLS);
    await platform.settled();
    expect(differencesIn(arrivals(), CALLS)).toEqual([]);
    expect(application.events).toHaveLength(7 * CALLS);
    expect(log).toEqual([]);
  });

  test('differ only in the injected faults', async () => {
    const [lost, twice] = ['447700900017', '447700900042'];
    const faults: FaultInput[] = [
      { fault: 'drop', webhook: 'answered', number: lost },
      { fault: 'duplicate', webhook: 'completed', number: twice },
      { fault: 'reorder', webhook: 'ringing', number: '447700900073' },
    ];
    platform.faults.set(checkedFaults(faults));
    platform.agent('Alice', { does: 'answer', hangUpAfter: 0.3 });
    for (let index = 0; index < CALLS; index += 1) platform.call({ from: String(447700900000 + index) });
    await allOver(CALLS + 1);
    await platform.settled();
    const found = differencesIn(arrivals(), CALLS).map(({ what, from }) => `${what} ${from}`);
    expect(found.toSorted()).toEqual([
      `doubled ${twice}`,
      `doubled ${twice}`,
      `lost ${lost}`,
      `lost ${lost}`,
      'reordered 447700900073',
    ]);
  });
});

describe('more calls to a page than the platform has audio for', () => {
  test('wait with ringback, and ring on the page when another call ends', async () => {
    const [most, more] = [100, 4];
    await createUser(platform, 'Alice');
    await using alice = await AppUser.open(platform, 'Alice');
    const legs = await place(most + more);
    const invited = () => alice.socket.heard.filter(({ type }) => type === 'member:invited').length;
    await expect.poll(invited, { timeout: 20_000 }).toBe(most);
    await expect.poll(() => told('started', 'outbound'), { timeout: 20_000 }).toBe(most + more);
    const rung = new Set(
      alice.socket.heard.filter(({ type }) => type === 'member:invited').map(({ message }) => message.cid),
    );
    const ringing = application.events.filter(
      (one) =>
        one.direction === 'inbound' && one.status === 'started' && rung.has(String(one.conversation_uuid)),
    );
    await Promise.all(ringing.slice(0, more).map(({ uuid }) => control('DELETE', `calls/${String(uuid)}`)));
    await expect.poll(invited, { timeout: 20_000 }).toBe(most + more);
    await Promise.all(legs.map((uuid) => control('DELETE', `calls/${uuid}`)));
    await allOver(most + more);
    expect(log).toEqual([]);
  }, 60_000);
});

describe('three simultaneous calls with audio', () => {
  const USERS = ['Alice', 'Ben', 'Carla'];
  /** Milliseconds of audio per measurement. */
  const WHILE = 2000;

  test('are heard by everyone without a gap', async () => {
    application.answer = (asked) => ({
      body: [{ action: 'connect', endpoint: [{ type: 'app', user: USERS[asked - 1] }] }],
    });
    await using open = new AsyncDisposableStack();
    const clock = open.adopt(createMediaClock(), (own) => own.close());
    const { number } = platform.credentials;
    const lines = await Promise.all(
      USERS.map(async (name, index) => {
        await createUser(platform, name);
        const user = open.use(await AppUser.open(platform, name));
        const phone = open.use(await PhonePage.open(platform.url, null));
        const dialled = phone.dialAloud(String(447700900000 + index), number);
        const [there, here] = await Promise.all([user.answer(), dialled]);
        return [createToneLine(here, 500, 1000, clock), createToneLine(there, 1000, 500, clock)];
      }),
    ).then((pairs) => pairs.flat());
    await Promise.all(lines.map(({ connected }) => connected));
    // A busy machine may lose some frames.
    const leastShare = async () => {
      for (const line of lines) line.reset();
      await wait(WHILE);
      return Math.min(...lines.map((line) => line.heard()).map(({ due, whole }) => whole / due));
    };
    await expect.poll(leastShare, { timeout: 40_000 }).toBeGreaterThan(0.98);
    expect(log).toEqual([]);
  }, 60_000);
});

describe('users without a page', () => {
  test('are listed, changed and removed, and errors are readable', async () => {
    await control('POST', 'agents', { user: 'Alice' });
    const busy = { user: 'Alice', rule: { does: 'ring' } };
    expect(await control('POST', 'agents', busy)).toEqual({ status: 200, body: busy });
    expect((await control('GET', 'agents')).body).toEqual([busy]);
    expect((await control('DELETE', 'agents/Alice')).status).toBe(204);
    expect((await control('DELETE', 'agents/Alice')).status).toBe(404);
    expect(await control('POST', 'agents', { user: 'Alice', rule: { does: 'fly' } })).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/^rule\.does: /) },
    });
  });

  test('take a rule for the first call, and another for the next', async () => {
    const listed = { user: 'Alice', rule: [{ does: 'reject' }, { does: 'answer', hangUpAfter: 0 }] };
    expect(await control('POST', 'agents', listed)).toEqual({ status: 201, body: listed });
    const outcomes = [];
    for (let i = 0; i < 2; i += 1) outcomes.push((await platform.call().over).because);
    expect(outcomes).toEqual(['rejected', 'hung-up-here']);
    expect(await control('POST', 'agents', { user: 'Alice', rule: [{ does: 'ring' }, {}] })).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/^rule\.1\.does: /) },
    });
    expect(await control('POST', 'agents', { user: 'Alice', rule: [] })).toMatchObject({ status: 400 });
  });
});
