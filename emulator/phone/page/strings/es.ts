import type { Strings } from './en.ts';

/** Spanish. */
export const es: Strings = {
  language: 'es',

  page: {
    title: 'Teléfono de prueba',
    youAre: 'Usted es',
    emulator: 'Emulador',
    another: 'Abrir otro teléfono',
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
    onlyListening: 'nada: usted solo escucha',
    keypad: 'Teclado',
    keysSent: 'Teclas enviadas',
    keysInBand: 'Enviar las teclas como tonos, en banda',
    mute: 'Silenciar',
    hangUp: 'Colgar',
    duration: 'Duración',
  },

  incoming: {
    panel: 'Llamada entrante',
    answer: 'Contestar',
    reject: 'Rechazar',
    answerListening: 'Contestar y solo escuchar',
    soundBlocked: 'El navegador la silencia: haga clic en cualquier parte de la página para oírla sonar.',
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
    answered: 'El número ha contestado:',
    inCall: 'En llamada con',
    incoming: 'Llamada entrante de',
    unknownCaller: 'un número desconocido',
    answering: 'Contestando…',
    ended: (reason) => `Llamada finalizada: ${reason}`,
  },

  note: {
    connecting: 'La página lo sigue intentando. ¿Está en marcha el emulador?',
    connectingAgain: 'Conectando de nuevo con el emulador…',
    reconnecting: 'Recuperando la conexión con el emulador…',
    allowMicrophone: 'Si el navegador pregunta por el micrófono, permítalo.',
    waiting: 'A la espera de que alguien entre en la llamada',
    muted: 'Su micrófono está silenciado: nadie le oye.',
    keyNotSent: (key) => `La tecla ${key} no se envió.`,
    notUnderstood: (text) => `Esto no llegó a la plataforma: «${text}»`,
    troubles: {
      'no-playback': 'El navegador no reproduce el sonido de esta llamada.',
      'sound-lost': 'Se perdió el sonido de esta llamada.',
      'microphone-gone': 'El micrófono ya no está: nadie le oye.',
      'answer-refused': 'El navegador no acepta el sonido de esta llamada.',
    },
  },

  ends: {
    'you-hung-up': 'usted colgó',
    'far-side-hung-up': 'colgó la otra parte',
    'nobody-answered': 'nadie contestó',
    rejected: 'la llamada fue rechazada',
    busy: 'el número está ocupado',
    'not-in-service': 'el número no está en servicio',
    'time-limit': 'duró lo máximo permitido',
    'caller-gave-up': 'quien llamaba desistió',
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
    listen: 'Marcar y solo escuchar',
    faults: {
      refused: {
        title: 'No se permite usar el micrófono',
        help: 'Permítalo para esta página junto a la dirección (o en los ajustes de privacidad del sistema) e inténtelo de nuevo.',
      },
      none: {
        title: 'No se encontró ningún micrófono',
        help: 'Conecte uno e inténtelo de nuevo.',
      },
      busy: {
        title: 'El micrófono está en uso',
        help: 'Otro programa lo ocupa. Ciérrelo e inténtelo de nuevo.',
      },
      insecure: {
        title: 'Sin micrófono en esta dirección',
        help: 'Los navegadores solo ceden el micrófono a páginas https y a localhost. Abra el teléfono en localhost.',
      },
    },
  },
};
