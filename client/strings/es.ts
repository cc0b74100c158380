import type { Strings } from './en.ts';

const noAnswer = (what: string, button: string) => ({
  refused: `${what}: permita el micrófono y vuelva a pulsar ${button}`,
  missing: `${what}: no se encontró ningún micrófono. Conecte uno y vuelva a pulsar ${button}`,
  busy: `${what}: otro programa usa el micrófono. Ciérrelo y vuelva a pulsar ${button}`,
  insecure: `${what}: los navegadores solo ceden el micrófono a páginas https y a las de este equipo`,
});

/** Spanish. */
export const es: Strings = {
  language: 'es',
  product: 'Switchboard',

  line: {
    connecting: 'Conectando con Vonage…',
    reconnecting: 'Reconectando: es posible que no le lleguen llamadas',
    signedOut: 'Inicie sesión para atender llamadas',
    following: 'Las llamadas se atienden en otra pestaña',
    open: 'Las líneas están abiertas',
    calledInstead: (name) => `Solo ${name} recibe llamadas`,
    cannotAnswer: {
      refused: 'No disponible: el micrófono está bloqueado',
      missing: 'No disponible: no se encontró ningún micrófono',
      busy: 'No disponible: otro programa usa el micrófono',
      insecure: 'No disponible: el micrófono requiere HTTPS o localhost',
    },
    offline: {
      'no-network': 'Sin conexión: este equipo no tiene red',
      'server-gone': 'Sin conexión: el servidor no responde',
      'vonage-unreachable': 'Sin conexión: no se puede acceder a Vonage',
    },
    refused: {
      'token-refused': 'Sin conexión: Vonage ha rechazado esta página',
      'token-expired': 'Sin conexión: el acceso a Vonage ha caducado',
      'session-limit': 'Sin conexión: hay demasiadas páginas abiertas para este agente',
      'not-allowed': 'Sin conexión: esta página no puede atender llamadas',
      'no-agent': 'Sin conexión: no hay ningún agente con ese nombre',
    },
    advice: {
      'no-network': 'No le llegan llamadas. La página se conectará en cuanto vuelva la red.',
      'server-gone': 'No le llegan llamadas. La página lo sigue intentando.',
      'vonage-unreachable': 'No le llegan llamadas. La página lo sigue intentando.',
      'token-refused':
        'No le llegan llamadas. El registro del servidor explica por qué se rechazaron sus credenciales.',
      'token-expired':
        'No le llegan llamadas. Los accesos nuevos caducan al instante: compruebe el reloj de este equipo y el del servidor.',
      'session-limit':
        'Aquí no le llegan llamadas. Cierre otras pestañas y equipos donde esté abierto este agente y vuelva a intentarlo.',
      'not-allowed': 'No le llegan llamadas. Abra la página en la dirección que indica el servidor.',
      'no-agent': 'No le llegan llamadas. Compruebe el nombre al final de la dirección de esta página.',
    },
    chip: {
      label: 'Línea',
      connecting: 'Conectando',
      open: 'Abierta',
      standby: 'En espera',
      notReady: 'No disponible',
      following: 'Otra pestaña',
      reconnecting: 'Reconectando',
      offline: 'Sin conexión',
    },
    retry: 'Reintentar',
  },

  call: {
    status: 'Estado de la llamada',
    unknownCaller: 'un número desconocido',
    incoming: (caller) => `Llamada entrante de ${caller}`,
    connecting: 'Conectando…',
    inCall: (caller) => `En llamada con ${caller}`,
    reconnectingAudio: 'Recuperando el audio…',
    interrupted: (caller) => `Llamada interrumpida: ${caller} puede seguir ahí`,
    ended: (reason) => `Llamada finalizada: ${reason}`,
    reasons: {
      'caller-hung-up': 'colgó quien llamaba',
      'you-hung-up': 'usted colgó',
      'you-rejected': 'usted la rechazó',
      'caller-gave-up': 'quien llamaba desistió',
      'answered-elsewhere': 'contestada en otro lugar',
      'rejected-elsewhere': 'rechazada en otro lugar',
      'nobody-answered': 'nadie contestó',
      'connection-lost': 'se perdió la conexión',
    },
    notAnswered: noAnswer('Sin contestar', 'Contestar'),
    notRejoined: noAnswer('Sin volver a la llamada', 'Volver'),
    reachedAt: (number) => `Le llaman al ${number}`,
    dialled: (number) => `Han marcado el ${number}`,
    openPhone: 'Abra el teléfono para probar una llamada',
    duration: 'Duración',
    lasted: (duration) => `La conversación duró ${duration}`,
    muted: 'Su micrófono está silenciado',
    titleRinging: (caller) => `Llama ${caller}`,
  },

  agents: {
    switchTo: 'Cambiar a',
  },

  otherTab: {
    words: 'Las llamadas se atienden en otra pestaña.',
    busy: 'Está en una llamada en otra pestaña.',
    use: 'Usar esta pestaña',
  },

  actions: {
    answer: 'Contestar',
    reject: 'Rechazar',
    hangUp: 'Colgar',
    mute: 'Silenciar',
    keypad: 'Teclado',
    rejoin: (seconds) => `Volver a la llamada (quedan ${seconds} s)`,
  },

  keypad: {
    star: 'Asterisco',
    hash: 'Almohadilla',
    typed: 'Enviado',
    failed: 'La última tecla no llegó',
  },

  waiting: {
    words: (caller) => `Otra llamada: ${caller} está en espera`,
    more: (count) => (count === 1 ? 'y una más' : `y ${count} más`),
    takeNext: 'Terminar esta llamada y atender la siguiente',
  },

  sound: {
    blocked: 'El timbre está bloqueado. Pulse para activarlo',
  },

  microphone: {
    name: 'Micrófono',
    check: 'Probar el micrófono',
    unknown: 'Sin probar',
    asking: 'Permita su uso en la pregunta del navegador',
    listening: 'Diga algo: la barra debería moverse',
    ready: 'Listo',
    level: 'Nivel del micrófono',
    problems: {
      refused: 'El micrófono está bloqueado para esta página',
      missing: 'No se encontró ningún micrófono',
      busy: 'Otro programa está usando el micrófono',
      insecure: 'Esta página no puede usar el micrófono',
    },
    advice: {
      refused: 'Permítalo en los ajustes del sitio, junto a la dirección. Hasta entonces no puede contestar.',
      missing: 'Conecte uno o actívelo en los ajustes del sistema. Hasta entonces no puede contestar.',
      busy: 'Cierre el programa que lo usa y vuelva a probar. Hasta entonces no puede contestar.',
      insecure:
        'Los navegadores solo lo ceden a páginas https y a las de este equipo. Abra la página en una dirección así.',
    },
  },

  signIn: {
    title: 'Iniciar sesión',
    agent: 'Su nombre',
    code: 'Código de acceso',
    submit: 'Entrar',
    sending: 'Entrando…',
    signOut: 'Cerrar sesión',
    nameMissing: 'Escriba su nombre.',
    codeMissing: 'Escriba su código de acceso.',
    problems: {
      'wrong-code': 'El nombre y el código no coinciden. Compruébelos y vuelva a intentarlo.',
      'too-many-tries': 'Demasiados intentos. Espere un minuto y vuelva a intentarlo.',
      'not-allowed':
        'En esta dirección no se puede iniciar sesión. Abra la página en la dirección que indica el servidor.',
      unreachable: 'El servidor no responde. Vuelva a intentarlo en un momento.',
      'signed-out-elsewhere': 'Su sesión ha terminado. Inicie sesión de nuevo para atender llamadas.',
      'sign-out-failed':
        'El servidor no recibió el cierre de sesión. Vuelva a cargar la página y ciérrela de nuevo.',
    },
  },

  recent: {
    title: 'Llamadas recientes',
    empty: 'Aún no hay llamadas en esta página',
    unknownCaller: 'Número desconocido',
  },

  log: {
    title: 'Registro de eventos',
    copy: 'Copiar para soporte',
    copied: 'Copiado, con los números abreviados',
    copyFailed: 'El navegador no permitió copiar',
  },

  settings: {
    language: 'Idioma',
    theme: 'Apariencia',
    themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
    allowNotifications: 'Permitir notificaciones',
    notificationsRefused: 'El navegador bloquea las notificaciones',
  },
};
