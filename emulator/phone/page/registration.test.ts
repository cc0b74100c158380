import { expect, it, vi } from 'vitest';
import type { Reply } from '../protocol.ts';
import { createRegistration } from './registration.ts';

function setUp() {
  const asked: { number: string | null; reply: (reply: Reply) => void; fail: () => void }[] = [];
  const registration = createRegistration((number) => {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    asked.push({ number, reply: resolve, fail: () => reject(new Error('disconnected')) });
    return promise;
  });
  const becomes = (number: string | null | undefined) =>
    vi.waitFor(() => expect(registration.number.value).toBe(number));
  return { asked, registration, becomes };
}

const numbers = (asked: { number: string | null }[]) => asked.map(({ number }) => number);

it('registers when the line is open and a number is known, in either order', async () => {
  const first = setUp();
  first.registration.lineOpened();
  expect(first.asked).toEqual([]);
  first.registration.want('1');
  const second = setUp();
  second.registration.want('1');
  expect(second.asked).toEqual([]);
  second.registration.lineOpened();
  for (const { asked, becomes, registration } of [first, second]) {
    expect(numbers(asked)).toEqual(['1']);
    expect(registration.number.value).toBeUndefined();
    asked[0]?.reply({ ok: true });
    await becomes('1');
  }
});

it('registers an unchanged number once', () => {
  const { asked, registration } = setUp();
  registration.lineOpened();
  registration.want('1');
  registration.want('1');
  expect(asked).toHaveLength(1);
});

it('uses only the reply to the last number', async () => {
  const { asked, registration, becomes } = setUp();
  registration.lineOpened();
  registration.want('1');
  registration.want('2');
  asked[1]?.reply({ ok: true });
  await becomes('2');
  asked[0]?.reply({ ok: true });
  await Promise.resolve();
  await becomes('2');
});

it('gets no calls if the emulator rejects the number, and gives up the previous one', async () => {
  const { asked, registration, becomes } = setUp();
  registration.lineOpened();
  registration.want('1');
  asked[0]?.reply({ ok: true });
  await becomes('1');
  registration.want('12345');
  asked[1]?.reply({ ok: false, message: 'too short' });
  await becomes(null);
  expect(numbers(asked)).toEqual(['1', '12345', null]);
});

it('is unknown while the line is down, and repeated afterwards', async () => {
  const { asked, registration, becomes } = setUp();
  registration.lineOpened();
  registration.want('1');
  registration.lineDropped();
  asked[0]?.fail();
  expect(registration.number.value).toBeUndefined();
  registration.lineOpened();
  asked[1]?.reply({ ok: true });
  await becomes('1');
});
