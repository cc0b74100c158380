import { answer, answerConnected, reject, ring } from './incoming-call.ts';
import type { Call, Dialled, Phone, PhoneEvent, Step, TimedUpdate } from './phone-state.ts';
import { isAnswered, isBusy, isDialable, isPending, isRunning } from './phone-state.ts';
import { CLOSE_AUDIO, end, prepare, same } from './steps.ts';

/** The next state of the phone, and its effects. An event without meaning in this state changes nothing. */
export function step(phone: Phone, event: PhoneEvent): Step {
  const { call } = phone;
  switch (event.type) {
    case 'line-opened':
      return lineOpened({ ...phone, line: 'open' }, event.recovered);

    case 'line-dropped':
      return lineDropped({ ...phone, line: 'connecting' });

    case 'line-lost':
      if (isBusy(call) || call.phase === 'incoming')
        return end(phone, call.parties, { kind: 'over', reason: 'connection-lost' });
      return isLostConnection(call) ? same(phone) : same({ ...phone, call: { phase: 'idle' } });

    case 'dial':
      return isDialable(phone) ? dial(phone, event.parties, false) : same(phone);

    case 'dial-listening':
      return call.phase === 'no-microphone' && phone.line === 'open'
        ? dial(phone, call.parties, true)
        : same(phone);

    case 'ring':
      return ring(phone, event);

    case 'answer':
      return answer(phone, event.listening);

    case 'reject':
      return reject(phone);

    case 'prepared':
      return prepared(phone, event);

    case 'microphone-failed':
      return microphoneFailed(phone, event);

    case 'accepted':
      return accepted(phone, event);

    case 'connected':
      return answerConnected(phone, event);

    case 'refused': {
      if (!isPending(call) || call.attempt !== event.attempt) return same(phone);
      const { code, message } = event;
      return withdraw(end(phone, call.parties, { kind: 'refused', code, message }), call);
    }

    case 'update':
      return updated(phone, event);

    case 'trouble':
      return isRunning(call) ? same({ ...phone, call: { ...call, trouble: event.trouble } }) : same(phone);

    case 'key':
      if (!isAnswered(call) || phone.line !== 'open') return same(phone);
      return {
        phone: { ...phone, call: { ...call, keyed: call.keyed + event.digit } },
        effects: [
          event.inBand && !call.listening
            ? { type: 'sound-digit', digit: event.digit }
            : { type: 'send-digit', uuid: call.uuid, digit: event.digit },
        ],
      };

    case 'say': {
      const text = event.text.trim();
      if (!isAnswered(call) || phone.line !== 'open' || text === '') return same(phone);
      return {
        phone: { ...phone, call: { ...call, said: text } },
        effects: [{ type: 'say', uuid: call.uuid, text }],
      };
    }

    case 'mute':
      if (!isRunning(call) || call.listening) return same(phone);
      return {
        phone: { ...phone, call: { ...call, muted: event.muted } },
        effects: [{ type: 'mute-audio', muted: event.muted }],
      };

    case 'hang-up':
      return isBusy(call)
        ? withdraw(end(phone, call.parties, { kind: 'over', reason: 'you-hung-up' }), call)
        : same(phone);
  }
}

function isLostConnection(call: Call): boolean {
  return call.phase === 'ended' && call.ending.kind === 'over' && call.ending.reason === 'connection-lost';
}

function lineOpened(phone: Phone, recovered: boolean): Step {
  const { call } = phone;
  if (recovered || !(isRunning(call) || call.phase === 'incoming')) return same(phone);
  // The emulator may still have the call on the lost connection.
  return withdraw(end(phone, call.parties, { kind: 'over', reason: 'connection-lost' }), call);
}

/** A pending dial or answer fails with the line, but a ringing or running call may survive. */
function lineDropped(phone: Phone): Step {
  const { call } = phone;
  return isPending(call)
    ? withdraw(end(phone, call.parties, { kind: 'over', reason: 'connection-lost' }), call)
    : same(phone);
}

/** Ends the call here and, if it exists there, at the emulator. */
function withdraw(ended: Step, call: Call): Step {
  if (!('uuid' in call)) return ended;
  return { ...ended, effects: [{ type: 'hang-up', uuid: call.uuid }, ...ended.effects] };
}

function dial(phone: Phone, parties: Dialled, listening: boolean): Step {
  return prepare(phone, listening, (attempt) => ({ phase: 'preparing', attempt, parties, listening }));
}

function prepared(phone: Phone, { attempt, offer }: Extract<PhoneEvent, { type: 'prepared' }>): Step {
  const { call } = phone;
  if (call.phase === 'answering' && call.attempt === attempt) {
    return { phone, effects: [{ type: 'answer', attempt, uuid: call.uuid, offer }] };
  }
  if (call.phase !== 'preparing' || call.attempt !== attempt) return same(phone);
  return {
    phone: { ...phone, call: { ...call, phase: 'dialling', early: [] } },
    effects: [{ type: 'dial', attempt, parties: call.parties, offer }],
  };
}

function microphoneFailed(
  phone: Phone,
  { attempt, fault }: Extract<PhoneEvent, { type: 'microphone-failed' }>,
): Step {
  const { call } = phone;
  if ((call.phase !== 'preparing' && call.phase !== 'answering') || call.attempt !== attempt)
    return same(phone);
  const failed: Call =
    call.phase === 'preparing'
      ? { phase: 'no-microphone', parties: call.parties, fault }
      : // It rings on: there is another way to answer.
        { phase: 'incoming', uuid: call.uuid, parties: call.parties, fault };
  return { phone: { ...phone, call: failed }, effects: [CLOSE_AUDIO] };
}

function accepted(phone: Phone, event: Extract<PhoneEvent, { type: 'accepted' }>): Step {
  const { call } = phone;
  const { uuid, answer } = event;
  if (call.phase !== 'dialling' || call.attempt !== event.attempt) {
    // Hung up before the emulator replied, so hang up now.
    return { phone, effects: [{ type: 'hang-up', uuid }] };
  }
  const { parties, listening, early } = call;
  const ringing: Call = { phase: 'ringing', uuid, parties, listening, muted: false };
  const first: Step = {
    phone: { ...phone, call: ringing },
    effects: answer === undefined ? [] : [{ type: 'connect-audio', answer }],
  };
  return early.reduce<Step>((before, update) => {
    const after = updated(before.phone, update);
    return { phone: after.phone, effects: [...before.effects, ...after.effects] };
  }, first);
}

function updated(phone: Phone, { update, at }: TimedUpdate): Step {
  const { call } = phone;
  if (call.phase === 'dialling') {
    return same({ ...phone, call: { ...call, early: [...call.early, { update, at }] } });
  }
  if (!('uuid' in call) || call.uuid !== update.uuid) return same(phone);
  if (update.status === 'ended') {
    return end(phone, call.parties, {
      kind: 'over',
      reason: update.reason ?? 'far-side-hung-up',
      ...(update.message === undefined ? {} : { message: update.message }),
    });
  }
  if (!isRunning(call)) return same(phone);
  switch (update.status) {
    case 'ringing':
      return same(phone);
    case 'answered':
      return isAnswered(call)
        ? same(phone)
        : same({ ...phone, call: { ...call, phase: 'answered', since: at, keyed: '' } });
    case 'connected':
      return call.phase === 'talking'
        ? same(phone)
        : same({ ...phone, call: { keyed: '', ...call, phase: 'talking', since: at } });
  }
}
