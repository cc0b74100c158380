import { z } from 'zod';
import type { Leg } from '../calls/leg.ts';
import type { IncomingCall, PhoneBook } from '../calls/phone-book.ts';
import type { World } from '../world.ts';

const seconds = z.number().min(0).max(86_400);

/** What a telephone without a person does with each call. */
export const phoneRule = z.discriminatedUnion('does', [
  z.strictObject({
    does: z.literal('answer'),
    /** Seconds that it rings. */
    after: seconds.default(0),
    /** Seconds after the answer until it hangs up; without it, it stays. */
    hangUpAfter: seconds.optional(),
    /** Whether a machine picks up, for calls that look for one. */
    machine: z.boolean().default(false),
  }),
  z.strictObject({ does: z.literal('reject'), after: seconds.default(0) }),
  z.strictObject({ does: z.literal('busy') }),
  z.strictObject({ does: z.literal('ring') }),
]);

export type PhoneRule = z.input<typeof phoneRule>;

/** A telephone without a page, a person or sound, for tests and scenarios. */
export interface HeadlessPhone {
  readonly number: string;
  /** What it does with the next call. */
  rule: PhoneRule;
  /** The current or ringing call. */
  readonly call: Leg | undefined;
  /** Ends its call, and rejects one that rings. */
  hangUp(): void;
  /** Ends its call and takes it off the network. */
  close(): void;
}

interface HeadlessParts {
  phones: PhoneBook;
  world: World;
  /** E.164 without `+`. */
  number: string;
  /** Default: answers immediately. */
  rule?: PhoneRule;
}

/** Puts a telephone on the network that treats each call by a rule. One call at a time: for others it is busy. */
export function createHeadlessPhone({ phones, world, number, rule }: HeadlessParts): HeadlessPhone {
  let current: IncomingCall | undefined;

  function take(call: IncomingCall): void {
    const does = phoneRule.parse(phone.rule);
    const { leg } = call;
    current = call;
    const cancels: (() => void)[] = [];
    const later = (after: number, fn: () => void) => cancels.push(world.after(after * 1000, fn));
    const forget = () => {
      for (const cancel of cancels) cancel();
      if (current === call) current = undefined;
    };
    call.onStopped(forget);
    leg.observe({ ended: forget });
    if (does.does === 'reject') later(does.after, () => call.reject());
    if (does.does !== 'answer') return;
    const answer = () => {
      if (!call.answer({ by: does.machine ? 'machine' : 'human' })) return;
      if (does.hangUpAfter !== undefined)
        later(does.hangUpAfter, () => leg.finish({ cause: 'hung-up-here' }));
    };
    later(does.after, answer);
  }

  const disconnect = phones.connect(number, {
    get busy() {
      return current !== undefined || phone.rule.does === 'busy';
    },
    ring: take,
  });

  const phone: HeadlessPhone = {
    number,
    rule: rule ?? { does: 'answer' },
    get call() {
      return current?.leg;
    },
    hangUp() {
      if (current?.leg.answeredAt === undefined) current?.reject();
      else current.leg.finish({ cause: 'hung-up-here' });
    },
    close() {
      disconnect();
      phone.hangUp();
    },
  };
  return phone;
}
