import { CAUSES, type Cause, type CauseCode, causeInWords } from '../../domain/desk/causes.ts';

type CauseWords = Readonly<Record<CauseCode, string>>;

/** Why the desk refuses a control, or why one failed. */
export const causesEn: CauseWords = CAUSES;

export const causesEs: CauseWords = {
  'no such call': 'Esa llamada no existe.',
  'no such queue': 'Esa cola no existe.',
  'no such agent': 'Ningún agente tiene ese nombre.',
  'no such phrase': 'Esa frase no existe.',
  'call over': 'La llamada ha terminado.',
  'caller left': 'Quien llamaba colgó.',
  'caller left on hold': 'Quien llamaba colgó mientras esperaba.',
  'not connected': 'Quien llama aún no está en línea.',
  'supervisors only': 'Solo los supervisores pueden hacerlo.',
  'call of another': 'Es la llamada de otro agente.',
  'call of': 'Solo puede hacerlo {name}, que tiene la llamada.',
  'no longer in call': 'Usted ya no está en esta llamada.',
  'on hold': 'La llamada está retenida.',
  'already on hold': 'La llamada ya está retenida.',
  'not on hold': 'La llamada no está retenida.',
  'swap first': 'Antes alterne con {name} o cancele.',
  'would hear': 'Quien llama oiría a {name}: antes alterne, una las llamadas o cancele.',
  'complete first': 'Antes complete o cancele la transferencia a {name}.',
  'in call already': '{name} ya está en la llamada.',
  'nobody else': 'No hay nadie más en la llamada.',
  'not answered yet': '{name} aún no ha contestado.',
  'all in call': 'Ya están todos en la llamada.',
  'queue closed': 'La cola {name} está cerrada.',
  'not a number': 'No es un número de teléfono válido.',
  'not allowed': 'La configuración no permite llamar a este número.',
  premium: 'Es un número de tarificación especial, y la configuración no lo permite.',
  you: 'Es usted.',
  away: '{name} no está disponible.',
  offline: '{name} no está en servicio.',
  'in another call': '{name} está en otra llamada.',
  'wrapping up': '{name} está cerrando otra llamada.',
  'not ready': '{name} no puede recibir llamadas en este momento.',
  unreachable: 'No se pudo contactar con {name}.',
  'not called': 'No se pudo llamar a {name}.',
  busy: '{name} comunica.',
  declined: '{name} rechazó la llamada.',
  'no answer': '{name} no contestó.',
  unavailable: '{name} ya no está disponible.',
  'hung up': '{name} colgó.',
  'not put on hold': 'La llamada no quedó retenida.',
  'not taken off hold': 'La llamada sigue retenida.',
  'guest not put on hold': 'No se pudo retener a {name}.',
  'guest not taken off hold': '{name} sigue a la espera.',
  'not heard': 'Es posible que quien llama no lo haya oído.',
  'no recordings': 'La configuración no permite grabar en esta cola.',
  'already recorded': 'La llamada ya se está grabando.',
  'not recorded': 'La llamada no se está grabando.',
  'not supervised': 'Usted no supervisa esta llamada.',
  'own call': 'Usted mismo está en esta llamada.',
  'nobody talks': 'En esta llamada aún no habla nadie.',
  'no line': 'Usted no tiene línea con la que escuchar.',
  'line down': 'Su línea no está conectada.',
  'you in another call': 'Usted está en otra llamada.',
  'mode not changed': 'No se pudo cambiar el modo.',
  'not waiting': 'Quien llama no está en espera.',
  'same queue': 'Quien llama ya espera en esa cola.',
};

/**
 * Why something was refused, or failed, in the words of a language.
 * @param english said where the cause is not known: an older event has none, and a newer server may know more of them
 * @param nameOf formats a number
 */
export function causeWords(
  causes: CauseWords,
  english: string,
  cause: Cause | undefined,
  nameOf: (number: string) => string,
): string {
  if (cause === undefined || !Object.hasOwn(causes, cause.code)) return english;
  const { code, name } = cause;
  const isNumber = name !== null && /^\+?\d{6,}$/.test(name);
  return causeInWords({ code, name: isNumber ? nameOf(name.replace(/^\+/, '')) : name }, causes);
}
