import type { InvitationStrings } from './invitation-en.ts';

export const invitationEs: InvitationStrings = {
  product: 'Switchboard',
  title: 'Le han invitado a Switchboard',
  advice:
    'Acepte para iniciar sesión en este equipo y recibir su código de acceso. El enlace funciona una sola vez.',
  accept: 'Aceptar la invitación',
  accepting: 'Iniciando sesión…',
  welcome: (name) => `Le damos la bienvenida, ${name}`,
  code: 'Su código de acceso',
  codeAdvice:
    'Con su nombre y este código puede iniciar sesión en otros equipos. Solo se muestra ahora: guárdelo en su gestor de contraseñas.',
  copy: 'Copiar el código',
  copied: 'Copiado',
  open: {
    agent: 'Abrir la página del agente',
    supervisor: 'Abrir el panel de supervisión',
    developer: 'Abrir la consola',
  },
  problems: {
    'wrong-code': 'Este enlace ya se usó, ha caducado o fue sustituido. Pida uno nuevo.',
    'too-many-tries': 'Demasiados intentos. Espere un minuto e inténtelo de nuevo.',
    'not-needed': 'En este servidor no hace falta iniciar sesión.',
    unreachable: 'El servidor no responde. Inténtelo de nuevo en un momento.',
  },
};
