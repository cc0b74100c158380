import type { passedOverEn } from './passed-over-en.ts';

export const passedOverEs: typeof passedOverEn = {
  away: (agent) => `${agent} está ausente`,
  offline: (agent) => `${agent} está fuera de línea`,
  'line down': (agent) => `${agent} no tiene conexión`,
  'no microphone': (agent) => `${agent} no tiene micrófono`,
  'no sound': (agent) => `${agent} no tiene sonido`,
  busy: (agent) => `${agent} está en una llamada`,
  'wrap-up': (agent) => `${agent} está en el trabajo posterior`,
  'refused this call': (agent) => `${agent} la rechazó`,
  'missed this call': (agent) => `${agent} no contestó`,
  'lacks skill': (agent) => `${agent} no tiene la especialidad`,
};
