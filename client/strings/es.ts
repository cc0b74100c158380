import type { Strings } from './en.ts';
import { passedOverEs } from './passed-over-es.ts';

const noAnswer = (what: string, button: string) => ({
  refused: `${what}: permita el micrófono y vuelva a pulsar ${button}`,
  missing: `${what}: no hay ningún micrófono. Conecte uno y vuelva a pulsar ${button}`,
  busy: `${what}: otro programa usa el micrófono. Ciérrelo y vuelva a pulsar ${button}`,
  insecure: `${what}: el micrófono requiere HTTPS o localhost`,
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
    open: 'Las líneas están abiertas para llamadas',
    calledInstead: (name) => `Solo ${name} recibe llamadas`,
    cannotAnswer: {
      refused: 'No disponible: el micrófono está bloqueado',
      missing: 'No disponible: no hay ningún micrófono',
      busy: 'No disponible: otro programa usa el micrófono',
      insecure: 'No disponible: el micrófono requiere HTTPS o localhost',
    },
    offline: {
      'no-network': 'Sin conexión: este equipo no tiene red',
      'server-gone': 'Sin conexión: el servidor no responde',
      'vonage-unreachable': 'Sin conexión: Vonage no responde',
    },
    refused: {
      'token-refused': 'Sin conexión: Vonage rechazó la conexión',
      'token-expired': 'Sin conexión: el acceso a Vonage caducó',
      'session-limit': 'Sin conexión: este agente tiene demasiadas sesiones abiertas',
      'not-allowed': 'Sin conexión: esta dirección no está permitida',
      'no-role': 'Sin conexión: usted no es agente',
      'no-agent': 'Sin conexión: agente desconocido',
    },
    advice: {
      'no-network': 'No puede recibir llamadas. La página se reconectará en cuanto vuelva la red.',
      'server-gone': 'No puede recibir llamadas. Reconectando automáticamente.',
      'vonage-unreachable': 'No puede recibir llamadas. Reconectando automáticamente.',
      'token-refused':
        'No puede recibir llamadas. El registro del servidor explica por qué Vonage rechazó sus credenciales.',
      'token-expired':
        'No puede recibir llamadas. Compruebe el reloj de este equipo y el del servidor: los accesos nuevos caducan al instante.',
      'session-limit':
        'Aquí no puede recibir llamadas. Cierre la página de este agente en otros equipos y vuelva a intentarlo.',
      'not-allowed': 'No puede recibir llamadas. Abra la página en la dirección que indica el servidor.',
      'no-role':
        'Esta página es para agentes. Pida el rol «agent» a quien administra el servidor y vuelva a intentarlo.',
      'no-agent': 'No puede recibir llamadas. Compruebe el nombre al final de la dirección de esta página.',
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
    ringing: {
      callback: (customer) => `Devolver la llamada al ${customer}`,
      consult: (agent, caller) => `Llamada entrante de ${agent} sobre ${caller}`,
      transfer: (agent, caller) => `Llamada entrante de ${caller}, transferida por ${agent}`,
      supervise: (caller) => `Escuchar la llamada con ${caller}`,
    },
    connecting: 'Conectando…',
    inCall: (caller) => `En llamada con ${caller}`,
    dialling: {
      dialing: (number) => `Llamando al ${number}…`,
      ringing: (number) => `Suena el teléfono de ${number}…`,
    },
    onHold: 'Retenida',
    holdAlert: 'Quien llama lleva 2 minutos retenido',
    holdAlarm: 'Quien llama lleva 3 minutos retenido',
    reconnectingAudio: 'Recuperando el audio…',
    returning: (caller) => `Volviendo a conectarle con ${caller}`,
    interrupted: (caller) => `Llamada interrumpida: ${caller} puede seguir ahí`,
    ended: (reason) => `Llamada finalizada: ${reason}`,
    reasons: {
      'caller-hung-up': 'colgó quien llamaba',
      'you-hung-up': 'usted colgó',
      'you-rejected': 'rechazada',
      'caller-gave-up': 'perdida, colgó quien llamaba',
      'answered-elsewhere': 'contestada en otro lugar',
      'rejected-elsewhere': 'rechazada en otro lugar',
      'nobody-answered': 'perdida',
      'connection-lost': 'se perdió la conexión',
      'caller-gone': 'quien llamaba ya no está',
      over: 'se cerró la línea',
      transferred: 'usted la transfirió',
      'status-changed': 'usted cambió su estado',
      busy: 'el número está ocupado',
      'they-declined': 'la han rechazado',
      'no-answer': 'no contestan',
      'not-reached': 'no se puede contactar con el número',
      'not-placed': 'no se ha podido realizar',
      'no-microphone': 'no se puede usar el micrófono',
    },
    customerHungUp: 'colgó el cliente',
    answeredBy: (name) => `contestada por ${name}`,
    notAnswered: noAnswer('Sin contestar', 'Contestar'),
    notRejoined: noAnswer('Sin volver a la llamada', 'Volver'),
    reachedAt: (number) => `Su número: ${number}`,
    dialled: (number) => `Para: ${number}`,
    openPhone: 'Hacer una llamada de prueba',
    duration: 'Duración',
    lasted: (duration) => `Duración: ${duration}`,
    muted: 'Está en silencio',
    microphone: {
      lost: 'Su micrófono está desconectado: no le oyen',
      back: 'Su micrófono vuelve a funcionar',
    },
    titleRinging: (caller) => `Llama ${caller}`,
  },

  agents: {
    switchTo: 'Cambiar a',
  },

  desk: {
    connecting: 'Conectando con la centralita…',
    elsewhere: 'Las llamadas se atienden en otro navegador',
    elsewhereAdvice: 'Para atenderlas aquí, cierre esta página en el otro navegador o equipo.',
    untested: 'No disponible: pruebe antes el micrófono',
    noSound: 'No disponible: no hay salida de sonido',
    inCallElsewhere: 'Está en una llamada en otra ventana',
    status: 'Su estado',
    choices: { available: 'Disponible', away: 'Ausente', offline: 'Fuera de línea' },
    chosen: { available: 'Disponible', away: 'Ausente', offline: 'Fuera de línea por elección propia' },
    awayBecause: (reason) => `Ausente: ${reason}`,
    reason: 'Ausente por…',
    reasons: {
      lunch: 'comida',
      break: 'descanso',
      meeting: 'reunión',
      training: 'formación',
      other: 'otro motivo',
      'no answer': 'sin respuesta',
    },
    since: (status, time) => `${status} desde las ${time}`,
    afterCall: (status) => `Después de esta llamada: ${status}`,
    notSaved: 'No se guardó su estado. Vuelva a intentarlo.',
    afterWrapUp: (status) => `Después del trabajo posterior: ${status}`,
    stillThere: '¿Sigue ahí? Ha perdido llamadas y las nuevas van a otras personas.',
    imBack: 'Ya estoy aquí',
    queue: (name) => `Cola: ${name}`,
    waited: (time) => `Espera desde hace ${time}`,
    callbackWaited: (time) => `Pedida hace ${time}`,
    callbackNext: 'Se llama al cliente cuando usted contesta',
    consultNext: 'Quien llama está en espera y no lo oye',
    secondsLeft: (seconds) => `Quedan ${seconds} s`,
    wrapUp: 'Trabajo posterior',
    endWrapUp: 'Terminar',
    extendWrapUp: 'Prolongar',
    note: 'Escribir una nota',
    why: {
      longestIdle: (time) => `Lleva más tiempo libre: ${time}`,
      onlyYou: 'Solo usted está libre',
      seconds: (count) => `${count} segundos`,
      minutes: (count) => `${count} minutos`,
      passedOver: passedOverEs,
    },
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
    hold: 'Retener',
    keypad: 'Teclado',
    dial: 'Marcar',
    transfer: 'Transferir',
    rejoin: (seconds) => `Volver a la llamada (quedan ${seconds} s)`,
  },

  keypad: {
    star: 'Asterisco',
    hash: 'Almohadilla',
    typed: 'Enviado',
    failed: 'No se envió el último dígito',
  },

  dial: {
    number: 'Número al que llamar',
    hint: 'Un número nacional, o + y el prefijo del país',
    keys: 'Dígitos',
    erase: 'Borrar el último dígito',
    call: 'Llamar al número',
    recent: 'Números recientes',
    problems: {
      busy: 'El número está ocupado.',
      declined: 'Han rechazado la llamada.',
      'no answer': 'No contestan.',
      unreachable: 'No se puede contactar con el número.',
      'busy here': 'Ya está en otra llamada.',
      'not a number': 'No es un número de teléfono completo.',
      short: 'Desde aquí no se puede llamar a emergencias ni a otros números cortos. Use un teléfono.',
      own: 'Es su propio número.',
      'not allowed': 'Desde aquí no se permite llamar a este número.',
      premium: 'Es un número de tarificación especial, y no se permite llamar a esos números.',
      server: 'El servidor no responde. Inténtelo de nuevo en un momento.',
    },
  },

  waiting: {
    words: (caller) => `Llamada en espera: ${caller}`,
    more: (count) => (count === 1 ? '1 más' : `${count} más`),
    takeNext: 'Colgar y contestar',
  },

  sound: {
    blocked: 'El timbre está apagado. Pulse para activar el sonido',
    none: 'No hay salida de sonido: aquí las llamadas no suenan',
  },

  microphone: {
    name: 'Micrófono',
    check: 'Probar micrófono',
    unknown: 'Sin probar',
    asking: 'Permita el acceso cuando el navegador lo pregunte',
    listening: 'Hable para probar el micrófono',
    ready: 'Listo',
    level: 'Nivel del micrófono',
    problems: {
      refused: 'El acceso al micrófono está bloqueado',
      missing: 'No hay ningún micrófono',
      busy: 'Otro programa está usando el micrófono',
      insecure: 'El micrófono requiere HTTPS o localhost',
    },
    advice: {
      refused:
        'Permítalo en los ajustes del sitio, junto a la dirección. Hasta entonces no puede contestar llamadas.',
      missing:
        'Conecte uno o actívelo en los ajustes del sistema. Hasta entonces no puede contestar llamadas.',
      busy: 'Cierre ese programa y vuelva a probar. Hasta entonces no puede contestar llamadas.',
      insecure: 'Abra esta página por HTTPS o en localhost. Hasta entonces no puede contestar llamadas.',
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
    company: 'Entrar con la cuenta de su empresa',
    problems: {
      'wrong-code': 'Nombre o código incorrecto. Compruébelos y vuelva a intentarlo.',
      'too-many-tries': 'Demasiados intentos. Espere un minuto y vuelva a intentarlo.',
      'not-allowed':
        'Esta dirección no está permitida. Abra la página en la dirección que indica el servidor.',
      unreachable: 'El servidor no responde. Vuelva a intentarlo en un momento.',
      'signed-out-elsewhere': 'Su sesión ha terminado. Inicie sesión de nuevo para atender llamadas.',
      'sign-out-failed': 'No se completó el cierre de sesión. Recargue la página y ciérrela de nuevo.',
    },
  },

  devices: {
    open: 'Sonido',
  },

  panes: {
    name: 'Paneles',
    call: 'Llamada',
    caller: 'Quién llama',
    lists: 'Listas',
    loading: 'Cargando…',
    failed: 'Esta parte de la página no se cargó.',
  },

  recent: {
    answered: (reason) => `contestada, ${reason}`,
    title: 'Llamadas recientes',
    empty: 'Aún no hay llamadas',
    unknownCaller: 'Número desconocido',
    callBack: (number) => `Llamar al ${number}`,
  },

  log: {
    title: 'Registro de eventos',
    copy: 'Copiar para soporte',
    copied: 'Copiado, con los números ocultos',
    copyFailed: 'El navegador bloqueó la copia',
  },

  settings: {
    language: 'Idioma',
    theme: 'Apariencia',
    themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
    console: 'Consola de desarrollo',
    allowNotifications: 'Permitir notificaciones',
    notificationsRefused: 'El navegador bloquea las notificaciones',
  },
};
