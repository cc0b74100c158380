import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Welcome } from '../protocol.ts';
import type { CallAudio } from './audio.ts';
import { step } from './phone-machine.ts';
import type { CallFailure, Dialled, Effect, Phone, PhoneEvent, SoundTrouble } from './phone-state.ts';
import { firstPhone } from './phone-state.ts';
import { createRegistration } from './registration.ts';
import type { Line, LineListener } from './socket.ts';

/** What a phone needs from outside. */
export interface PhoneParts {
  openLine(listener: LineListener): Line;
  openAudio(onTrouble: (trouble: SoundTrouble) => void): CallAudio;
  /** Milliseconds since 1970. */
  now(): number;
}

/** The phone as the views see it. */
export interface PhoneModel {
  state: ReadonlySignal<Phone>;
  call: ReadonlySignal<Phone['call']>;
  /** The emulator's last welcome. */
  welcome: ReadonlySignal<Welcome | undefined>;
  /** The number on which it rings; null: none; undefined: unknown. */
  registered: ReadonlySignal<string | null | undefined>;
  /** Sets the number on which it rings; null: none. */
  register(number: string | null): void;
  dial(parties: Dialled): void;
  /** Dials again without a microphone. */
  dialListening(): void;
  answer(): void;
  /** Answers without a microphone. */
  answerListening(): void;
  reject(): void;
  /** Whether keys are sent in band, as tones in the call's audio. */
  keysInBand: Signal<boolean>;
  press(digit: string): void;
  /** Sends a text as speech. */
  say(text: string): void;
  mute(muted: boolean): void;
  hangUp(): void;
  /** Current levels of the far side and the microphone, from 0 to 1. */
  heard(): number;
  said(): number;
  /** Ends the call, because the page is left. */
  leave(): void;
  /** Reconnects, because the page is shown again. */
  comeBack(): void;
}

/** Connects the state machine to the emulator and the audio. */
export function createPhone({ openLine, openAudio, now }: PhoneParts): PhoneModel {
  const state = signal(firstPhone);
  const welcome = signal<Welcome>();
  const keysInBand = signal(false);
  let audio: CallAudio | undefined;

  const line = openLine({
    welcomed: (words) => {
      welcome.value = words;
    },
    opened(recovered) {
      dispatch({ type: 'line-opened', recovered });
      registration.lineOpened();
    },
    dropped() {
      dispatch({ type: 'line-dropped' });
      registration.lineDropped();
    },
    lost: () => dispatch({ type: 'line-lost' }),
    rang: ({ uuid, from, to }) => dispatch({ type: 'ring', uuid, parties: { own: to, other: from } }),
    updated: (update) => dispatch({ type: 'update', update, at: now() }),
  });

  const registration = createRegistration((number) => line.register(number));

  function dispatch(event: PhoneEvent): void {
    const { phone, effects } = step(state.peek(), event);
    state.value = phone;
    for (const effect of effects) perform(effect);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'prepare-audio':
        void prepareAudio(effect.attempt, effect.listening);
        break;
      case 'connect-audio':
        audio?.connect(effect.answer).catch(() => {
          dispatch({ type: 'trouble', trouble: { kind: 'answer-refused' } });
        });
        break;
      case 'mute-audio':
        audio?.mute(effect.muted);
        break;
      case 'close-audio':
        audio?.close();
        audio = undefined;
        break;
      case 'dial':
        void dial(effect);
        break;
      case 'answer':
        void answer(effect);
        break;
      case 'reject':
        line.reject(effect.uuid, effect.busy);
        break;
      case 'say':
        void say(effect.uuid, effect.text);
        break;
      case 'sound-digit':
        void audio?.soundKey(effect.digit).catch(() => keyFailed(effect.digit));
        break;
      case 'send-digit':
        void sendDigit(effect.uuid, effect.digit);
        break;
      case 'hang-up':
        line.hangUp(effect.uuid);
        break;
    }
  }

  async function prepareAudio(attempt: number, listening: boolean): Promise<void> {
    const opened = openAudio((kind) => {
      if (audio === opened) dispatch({ type: 'trouble', trouble: { kind } });
    });
    audio = opened;
    try {
      const prepared = await opened.prepare(listening);
      if (prepared.ok) dispatch({ type: 'prepared', attempt, offer: prepared.offer });
      else dispatch({ type: 'microphone-failed', attempt, fault: prepared.fault });
    } catch (error) {
      dispatch({ type: 'refused', attempt, code: 'no-sound', message: reasonOf(error) });
    }
  }

  async function dial({ attempt, parties, offer }: Extract<Effect, { type: 'dial' }>): Promise<void> {
    const { own, other } = parties;
    const reply = await line.dial({ from: own, to: other, offer }).catch(noReply);
    if (reply.ok) dispatch({ type: 'accepted', attempt, uuid: reply.uuid, answer: reply.answer });
    else refuse(attempt, reply);
  }

  async function answer({ attempt, uuid, offer }: Extract<Effect, { type: 'answer' }>): Promise<void> {
    const reply = await line.answer({ uuid, offer }).catch(noReply);
    if (reply.ok) dispatch({ type: 'connected', attempt, uuid, answer: reply.answer, at: now() });
    else refuse(attempt, reply);
  }

  function refuse(attempt: number, { code, message }: { code: CallFailure; message: string }): void {
    dispatch({ type: 'refused', attempt, code, message });
  }

  async function say(uuid: string, text: string): Promise<void> {
    const reply = await line.say(uuid, text).catch(noReply);
    if (!reply.ok) dispatch({ type: 'trouble', trouble: { kind: 'not-understood', text } });
  }

  async function sendDigit(uuid: string, digit: string): Promise<void> {
    const reply = await line.sendDigit(uuid, digit).catch(noReply);
    if (!reply.ok) keyFailed(digit);
  }

  function keyFailed(digit: string): void {
    dispatch({ type: 'trouble', trouble: { kind: 'key-not-sent', digit } });
  }

  return {
    state,
    call: computed(() => state.value.call),
    welcome,
    registered: registration.number,
    register: registration.want,
    dial: (parties) => dispatch({ type: 'dial', parties }),
    dialListening: () => dispatch({ type: 'dial-listening' }),
    answer: () => dispatch({ type: 'answer', listening: false }),
    answerListening: () => dispatch({ type: 'answer', listening: true }),
    reject: () => dispatch({ type: 'reject' }),
    say: (text) => dispatch({ type: 'say', text }),
    keysInBand,
    press: (digit) => dispatch({ type: 'key', digit, inBand: keysInBand.peek() }),
    mute: (muted) => dispatch({ type: 'mute', muted }),
    hangUp: () => dispatch({ type: 'hang-up' }),
    heard: () => audio?.heard() ?? 0,
    said: () => audio?.said() ?? 0,
    leave() {
      dispatch({ type: 'hang-up' });
      line.leave();
    },
    comeBack: () => line.comeBack(),
  };
}

function noReply() {
  return { ok: false, code: 'no-reply', message: '' } as const;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
