import type { Phone, PhoneEvent, Step } from './phone-state.ts';
import { isAnswerable, isBusy } from './phone-state.ts';
import { end, prepare, same } from './steps.ts';

/** An incoming call: it rings, unless there is another call. */
export function ring(phone: Phone, { uuid, parties }: Extract<PhoneEvent, { type: 'ring' }>): Step {
  const { call } = phone;
  // The emulator sends it again if the line drops meanwhile.
  if ('uuid' in call && call.uuid === uuid) return same(phone);
  return isBusy(call) || call.phase === 'incoming'
    ? { phone, effects: [{ type: 'reject', uuid, busy: true }] }
    : same({ ...phone, call: { phase: 'incoming', uuid, parties } });
}

export function answer(phone: Phone, listening: boolean): Step {
  const { call } = phone;
  if (call.phase !== 'incoming' || !isAnswerable(phone)) return same(phone);
  const { uuid, parties } = call;
  return prepare(phone, listening, (attempt) => ({ phase: 'answering', uuid, attempt, parties, listening }));
}

/** The emulator has answered for this phone, which may have hung up meanwhile. */
export function answerConnected(
  phone: Phone,
  { attempt, uuid, answer, at }: Extract<PhoneEvent, { type: 'connected' }>,
): Step {
  const { call } = phone;
  if (call.phase !== 'answering' || call.attempt !== attempt) {
    return { phone, effects: [{ type: 'hang-up', uuid }] };
  }
  const { parties, listening } = call;
  return {
    phone: {
      ...phone,
      call: { phase: 'talking', uuid, parties, listening, muted: false, since: at, keyed: '' },
    },
    effects: answer === undefined ? [] : [{ type: 'connect-audio', answer }],
  };
}

export function reject(phone: Phone): Step {
  const { call } = phone;
  if (call.phase !== 'incoming') return same(phone);
  return {
    ...end(phone, call.parties, { kind: 'over', reason: 'you-rejected' }),
    effects: [{ type: 'reject', uuid: call.uuid, busy: false }],
  };
}
