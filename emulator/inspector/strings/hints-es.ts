import type { HintWords } from '../../traffic/hint-words.ts';

/** The hints in Spanish. What the platform itself writes, such as the fault of an NCCO, stays in English. */
export const hintsEs: HintWords = {
  refused: ({ host, port }) => `Nadie escucha en ${host}. ¿Está en marcha su servidor en el puerto ${port}?`,
  'unknown-host': ({ host }) => `El nombre ${host} no existe. Compruebe la dirección del webhook.`,
  'connect-timeout': ({ host }) =>
    `${host} no ha aceptado la conexión a tiempo. ¿Hay un cortafuegos o un túnel que ya terminó por medio?`,
  'answer-timeout': () =>
    'Su servidor no ha respondido a tiempo. Responda primero y haga después el trabajo lento.',
  reset: () =>
    'Su servidor ha cerrado la conexión sin responder. Su propio registro debería decir por qué ha fallado o reiniciado.',
  certificate: ({ host }) =>
    `El certificado de ${host} no es de confianza. Vonage no acepta los autofirmados, los caducados ni los de otro nombre.`,
  'too-large': () => 'La respuesta es mayor de lo que lee la plataforma. Responda solo con el NCCO.',
  'no-answer': ({ reason }) => `No ha habido una respuesta completa: ${reason}.`,
  redirected: ({ location }) =>
    `No se siguen las redirecciones. Dé a la aplicación la dirección final${location ? `: ${location}` : ''}.`,
  'no-route': ({ method, path }) =>
    `Su servidor no tiene ${method} ${path}. Compruebe la ruta en los webhooks de la aplicación y en su servidor.`,
  'wrong-method': ({ method, path }) =>
    `Su servidor tiene ${path}, pero no con ${method}. Cambie el método del webhook o acepte ${method}.`,
  'signature-refused': ({ status }) =>
    `Su servidor ha rechazado la petición (${status}). ¿Comprueba la firma con el secreto de firma de esta plataforma?`,
  'server-failed': ({ status }) =>
    `Su servidor ha fallado (${status}). Su propio registro debería decir por qué.`,
  'webhook-refused': ({ status }) => `Para Vonage solo de 200 a 205 es un éxito, y esto es ${status}.`,
  html: () =>
    'La respuesta es una página HTML, no un NCCO. ¿Es la dirección de una página web o el aviso de un túnel?',
  'not-json': ({ type }) =>
    `El tipo de contenido es ${type || 'ninguno'}. Envíe el NCCO como application/json.`,
  ncco: ({ reason }) => `El NCCO no se puede ejecutar. ${reason}.`,
  'empty-ncco': () => 'El NCCO está vacío, lo que termina la llamada al instante. Ponga una acción.',
  slow: ({ seconds }) =>
    `La respuesta ha tardado ${seconds} s, y quien llama ha oído silencio. A partir de 5 s Vonage desiste.`,
  reported: ({ reason }) => `La plataforma informa a la aplicación de un fallo: ${reason}`,
  unsigned: () =>
    'La petición no lleva token. Envíe Authorization: Bearer y un token firmado con la clave privada de la aplicación.',
  'basic-refused': ({ key }) =>
    `La clave de API ${key} o su secreto no son correctos. Los correctos están en GET /emulator/credentials.`,
  'basic-needed': () =>
    'Esta dirección pide la clave y el secreto de API (Basic), no un token de aplicación. Están en GET /emulator/credentials.',
  'not-a-token': () => 'Lo enviado como token no lo es: debe ser un JWT, tres partes separadas por puntos.',
  'token-expired': ({ ago }) =>
    `El token caducó hace ${ago}. Haga uno nuevo para cada petición, o bastante antes de que caduque; ¿va bien el reloj?`,
  'unknown-application': ({ application }) =>
    `El token es de la aplicación ${application}, que no está aquí. Use el id y la clave de GET /emulator/credentials.`,
  'wrong-key': ({ application }) =>
    `El token no está firmado con la clave privada de la aplicación ${application}. La clave y el id deben ir juntos.`,
  'claims-missing': ({ claims }) =>
    `Al token le falta ${claims}. Los SDK de Vonage hacen tokens con todo lo necesario.`,
  'token-not-allowed': () =>
    'El token es auténtico, pero no sirve para esto. Una API REST quiere un token sin sub; el Client SDK, uno con sub (un usuario que existe) y acl.',
  'too-many': () =>
    'Demasiadas peticiones en un segundo, como en Vonage: 3 llamadas nuevas, otras 15. Espere lo que dice Retry-After.',
  'no-address': ({ method, path }) =>
    `La plataforma no tiene ${method} ${path}. Compare la dirección con la referencia de la API de Vonage.`,
  'not-found': ({ detail }) =>
    `${detail} Los ids son de una sola aplicación, y las llamadas que terminaron hace mucho se olvidan.`,
  rejected: ({ detail }) => `La petición se ha rechazado: ${detail}`,
  'platform-failed': () => 'Ha fallado el propio emulador. Su terminal dice por qué; le rogamos que avise.',
  'client-left': () => 'Quien preguntó se fue antes de la respuesta.',
};
