import type { Caller } from '../../../emulator/headless/people.ts';
import type { PhoneRule } from '../../../emulator/headless/phone.ts';
import { NUMBER, type VoiceScene } from './voice-scene.ts';

/** A caller: what the application answers, and what the caller does at which second after dialling. */
export interface Guest {
  ncco: object[];
  /** Seconds after the first call. Default 0. */
  comes?: number;
  presses?: [seconds: number, keys: string];
  says?: [seconds: number, text: string];
  hangsUp?: number;
  /** Gets the caller as soon as they have dialled. */
  dialled?: (caller: Caller) => void;
}

export interface Play {
  caller: Guest;
  second?: Guest;
  third?: Guest;
  /** What the called phone does; absent: the number is unassigned. */
  phone?: PhoneRule;
}

/** The phone that an NCCO calls. */
export const CALLED = '447700900200';
/** The first caller. */
export const FIRST = '447700900000';
const ROLES = ['caller', 'second', 'third'] as const;
type Role = (typeof ROLES)[number];
const NUMBERS: Record<Role, string> = {
  caller: FIRST,
  second: '447700900001',
  third: '447700900002',
};

/**
 * Lets callers call the application on a virtual clock until all calls are over.
 * @returns the application's events as short texts, in order of arrival
 */
export async function play(scene: VoiceScene, { phone, ...people }: Play): Promise<string[]> {
  const { application, platform } = scene;
  const telephone = phone && platform.phone(CALLED, phone);
  const before = application.events.length;
  const answers = new Map(ROLES.map((role) => [NUMBERS[role], people[role]?.ncco]));
  application.answer = () => {
    const from = application.questions.at(-1)?.get('from') ?? '';
    return { body: answers.get(from) ?? [] };
  };
  const names = new Map<unknown, string>();
  const calls = ROLES.flatMap((role) => {
    const guest = people[role];
    return guest ? dial(scene, NUMBERS[role], guest, (uuid) => names.set(uuid, role)) : [];
  });
  await Promise.all(calls);
  await platform.settled();
  telephone?.close();
  return application.events.slice(before).map((event) => inWords(event, names));
}

/** Resolves when the call is over. */
async function dial(
  { platform }: VoiceScene,
  from: string,
  guest: Guest,
  known: (uuid: string) => void,
): Promise<void> {
  const { world } = platform;
  if (guest.comes) await new Promise<void>((come) => world.after(1000 * (guest.comes ?? 0), come));
  const caller = platform.call({ from, to: NUMBER });
  known(caller.leg.uuid);
  guest.dialled?.(caller);
  const { presses, says, hangsUp } = guest;
  if (presses) world.after(presses[0] * 1000, () => caller.press(presses[1]));
  if (says) world.after(says[0] * 1000, () => caller.say(says[1]));
  if (hangsUp !== undefined) world.after(hangsUp * 1000, caller.hangUp);
  await caller.over;
}

function inWords(event: Record<string, unknown>, names: ReadonlyMap<unknown, string>): string {
  const who = names.get(event.uuid ?? event.call_uuid) ?? String(event.to);
  const { detail = '', sub_state = '', reason = '', status } = event;
  if (status === 'transcribed') return status;
  if (typeof status === 'string') return words(who, status, detail, sub_state, reason);
  if (event.type === 'transfer') return `${who} transfer`;
  if (event.recording_url) return 'record';
  if (event.payload) return `notify ${JSON.stringify(event.payload)}`;
  if (reason) return `error ${reason}`;
  return inputInWords(event);
}

function inputInWords({ dtmf, speech }: Record<string, unknown>): string {
  const { digits, timed_out } = Object(dtmf);
  const { results, timeout_reason: why } = Object(speech);
  const text = results?.[0]?.text;
  return words(
    'input',
    digits,
    timed_out && 'timed out',
    text,
    why === 'start_timeout' && 'nothing was said',
  );
}

const words = (...parts: unknown[]) => parts.filter(Boolean).join(' ');
