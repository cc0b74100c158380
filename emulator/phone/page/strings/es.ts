import type { Strings } from './en.ts';

/** Spanish. */
export const es: Strings = {
  language: 'es',

  page: {
    title: 'Teléfono de prueba',
    youAre: 'Usted es',
    emulator: 'Emulador',
    another: 'Otro teléfono',
    inspector: 'Inspector',
    appearance: 'Apariencia',
    themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro' },
  },

  dialler: {
    to: 'Número al que llama',
    own: 'Su número',
    call: 'Llamar',
    problems: {
      empty: 'Escriba un número.',
      'not-digits': 'Use solo cifras, por ejemplo +34 612 34 56 78.',
      'too-short': 'Este número es demasiado corto.',
      'too-long': 'Este número es demasiado largo: 15 cifras como máximo.',
    },
    ringsFor: (number) => `Aquí suenan las llamadas al ${number}`,
    ringsForNone: 'Aquí no suena ninguna llamada: su número debe tener de 7 a 15 cifras.',
  },

  call: {
    panel: 'Esta llamada',
    youHear: 'Usted oye',
    whatYouHear: 'Lo que usted oye',
    youSay: 'Usted dice',
    onlyListening: 'nada: solo escucha',
    keypad: 'Teclado',
    keysSent: 'Teclas enviadas',
    keysInBand: 'Enviar DTMF en banda',
    mute: 'Silenciar',
    hangUp: 'Colgar',
    duration: 'Duración',
  },

  incoming: {
    panel: 'Llamada entrante',
    answer: 'Contestar',
    reject: 'Rechazar',
    answerListening: 'Contestar, solo escuchar',
    soundBlocked: 'El tono está desactivado: haga clic en cualquier parte de la página para activarlo.',
  },

  speech: {
    label: 'Decir como voz',
    say: 'Decir',
    help: 'Sustituye al reconocimiento de voz: lo que escriba es lo que entiende la plataforma. Nadie lo oye.',
    said: (text) => `Dicho: «${text}»`,
  },

  status: {
    name: 'Estado del teléfono',
    display: 'Pantalla',
    connecting: 'Conectando con el emulador…',
    ready: 'Listo para llamar',
    dialling: 'Marcando',
    ringing: 'Llamando a',
    answered: 'Conectado con',
    inCall: 'En llamada con',
    incoming: 'Llamada entrante de',
    unknownCaller: 'un número desconocido',
    answering: 'Contestando…',
    ended: (reason) => `Llamada finalizada: ${reason}`,
  },

  note: {
    connecting: 'Reconectando automáticamente. ¿Está en marcha el emulador?',
    reconnecting: 'Reconectando con el emulador…',
    allowMicrophone: 'Permita el micrófono cuando el navegador lo pida.',
    alone: 'Todavía no hay nadie más en la llamada',
    muted: 'Su micrófono está silenciado: nadie le oye.',
    keyNotSent: (key) => `La tecla ${key} no se envió.`,
    notUnderstood: (text) => `No llegó a la plataforma: «${text}»`,
    troubles: {
      'no-playback': 'El navegador no puede reproducir el sonido de esta llamada.',
      'sound-lost': 'Se perdió el sonido de esta llamada.',
      'microphone-gone': 'El micrófono se ha desconectado: nadie le oye.',
      'answer-refused': 'El navegador rechazó el sonido de esta llamada.',
    },
  },

  ends: {
    'you-hung-up': 'usted colgó',
    'far-side-hung-up': 'colgó la otra parte',
    'nobody-answered': 'sin respuesta',
    rejected: 'rechazada',
    busy: 'el número está ocupado',
    'not-in-service': 'el número no está en servicio',
    'time-limit': 'se alcanzó la duración máxima',
    'caller-gave-up': 'perdida: quien llamaba colgó',
    'answered-elsewhere': 'se contestó en otro teléfono',
    'you-rejected': 'usted la rechazó',
    'connection-lost': 'se perdió la conexión con el emulador',
    failed: 'la llamada falló',
    'application-error': 'la aplicación respondió con un error',
  },

  refusals: {
    'unknown-number': (number) => `El número ${number} no está en servicio`,
    'bad-number': (number) => `No se puede marcar el número ${number}`,
    gone: () => 'La llamada terminó antes de que usted contestara',
    'bad-media': () => 'No se pudo conectar el sonido de este navegador',
    internal: (_number, why) => `El emulador no puede llamar: ${why}`,
    'no-reply': () => 'El emulador no respondió',
    'no-sound': (_number, why) => `El navegador no puede llamar: ${why}`,
  },

  microphone: {
    listen: 'Marcar, solo escuchar',
    faults: {
      refused: {
        title: 'El acceso al micrófono está bloqueado',
        help: 'Permítalo en la barra de direcciones o en los ajustes de privacidad del sistema e inténtelo de nuevo.',
      },
      none: {
        title: 'No se encontró ningún micrófono',
        help: 'Conecte uno e inténtelo de nuevo.',
      },
      busy: {
        title: 'El micrófono está en uso',
        help: 'Cierre la otra aplicación que lo usa e inténtelo de nuevo.',
      },
      insecure: {
        title: 'Sin micrófono en esta dirección',
        help: 'El micrófono necesita https o localhost. Abra el teléfono en localhost.',
      },
    },
  },
};
