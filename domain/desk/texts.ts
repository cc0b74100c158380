import type { DeskTexts } from './script.ts';

/** What the desk says where the desk file says nothing else. */
export const ENGLISH: DeskTexts = {
  position: 'You are number {position} in line.',
  next: 'You are next in line.',
  wait: 'The wait is about {minutes} minutes.',
  longWait: 'The wait is more than 15 minutes.',
  pressForCallback: 'To be called back, press 1.',
  pressForVoicemail: 'To leave a message, press 2.',
  stillWaiting: 'Thank you for waiting. We will be with you shortly.',
  oneMoment: 'One moment, please. We are reconnecting you.',
  leaveMessage: 'Please leave a message after the tone, and press the hash key when you are done.',
  messageTaken: 'Thank you. We will call you back. Goodbye.',
  apology: 'We are sorry, nobody can take your call right now.',
  closed: 'We are closed at the moment.',
  goodbye: 'Thank you for calling. Goodbye.',
  callbackBooked:
    'Thank you. You keep your place, and we will call you back on the number that ends with {digits}. Goodbye.',
  callGone: 'The caller is no longer waiting.',
  notDialled: 'Your call was not placed.',
  dialledBusy: 'The number that you called is busy.',
  dialledNoAnswer: 'Your call was not answered.',
  dialledUnreachable: 'The number that you called cannot be reached.',
  hold: 'One moment, please.',
  stillOnHold: 'Thank you for holding. We will be back with you shortly.',
  transferring: 'One moment, please. We are connecting you.',
  recordingStarts: 'From now on, this call is recorded.',
};

export const SPANISH: DeskTexts = {
  position: 'Es el número {position} de la cola.',
  next: 'Es la siguiente persona de la cola.',
  wait: 'El tiempo de espera es de unos {minutes} minutos.',
  longWait: 'El tiempo de espera es de más de 15 minutos.',
  pressForCallback: 'Si prefiere que le llamemos, pulse 1.',
  pressForVoicemail: 'Para dejar un mensaje, pulse 2.',
  stillWaiting: 'Gracias por esperar. Le atenderemos en breve.',
  oneMoment: 'Un momento, por favor. Volvemos a conectarle.',
  leaveMessage: 'Deje su mensaje después de la señal y pulse almohadilla al terminar.',
  messageTaken: 'Gracias. Le devolveremos la llamada. Adiós.',
  apology: 'Lo sentimos, en este momento nadie puede atenderle.',
  closed: 'En este momento estamos cerrados.',
  goodbye: 'Gracias por llamar. Adiós.',
  callbackBooked: 'Gracias. Conserva su puesto y le llamaremos al número que termina en {digits}. Adiós.',
  callGone: 'La persona que llamaba ya no espera.',
  notDialled: 'No se ha realizado la llamada.',
  dialledBusy: 'El número al que llama está ocupado.',
  dialledNoAnswer: 'No han contestado a su llamada.',
  dialledUnreachable: 'No se puede contactar con el número al que llama.',
  hold: 'Un momento, por favor.',
  stillOnHold: 'Gracias por esperar. Volvemos con usted en breve.',
  transferring: 'Un momento, por favor. Le pasamos la llamada.',
  recordingStarts: 'A partir de ahora, esta llamada se graba.',
};

/** Languages whose texts are built in, by their first part. */
const builtIn: Readonly<Record<string, DeskTexts>> = { en: ENGLISH, es: SPANISH };

/** The texts of a language: those given for it, those given for its first part, then the built-in ones. */
export function textsFor(
  language: string,
  given: Readonly<Record<string, { readonly [Name in keyof DeskTexts]?: string | undefined }>>,
): DeskTexts {
  const texts = { ...(builtIn[primaryOf(language)] ?? ENGLISH) };
  for (const tag of [primaryOf(language), canonical(language)]) {
    for (const [key, own] of Object.entries(given)) {
      if (canonical(key) !== tag) continue;
      for (const name of TEXT_NAMES) texts[name] = oneLine(own[name] ?? texts[name]);
    }
  }
  return texts;
}

/** Longer texts in YAML have line breaks. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** The languages whose texts are built in, in words. */
export const BUILT_IN = new Intl.ListFormat('en').format(Object.keys(builtIn));

/** Whether all texts of a language are built in. */
export function speaks(language: string): boolean {
  return Object.hasOwn(builtIn, primaryOf(language));
}

export const TEXT_NAMES = [
  'position',
  'next',
  'wait',
  'longWait',
  'pressForCallback',
  'pressForVoicemail',
  'stillWaiting',
  'oneMoment',
  'leaveMessage',
  'messageTaken',
  'apology',
  'closed',
  'goodbye',
  'callbackBooked',
  'callGone',
  'notDialled',
  'dialledBusy',
  'dialledNoAnswer',
  'dialledUnreachable',
  'hold',
  'stillOnHold',
  'transferring',
  'recordingStarts',
] as const satisfies readonly (keyof DeskTexts)[];

/** Whether a text is a language tag, like en-GB. */
export function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** A language tag and each shorter one: es-MX and es. */
export function languagesOf(tag: string): string[] {
  const parts = canonical(tag).split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

function primaryOf(tag: string): string {
  return canonical(tag).split('-', 1)[0] ?? '';
}

function canonical(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? tag;
}
