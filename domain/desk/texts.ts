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
};

const SPANISH: DeskTexts = {
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
};

/** The texts in the language of a voice; English where it is not known. */
export function textsOf(language: string | undefined): DeskTexts {
  return language?.toLowerCase().startsWith('es') ? SPANISH : ENGLISH;
}
