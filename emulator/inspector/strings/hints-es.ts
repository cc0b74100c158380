import type { HintWords } from '../../traffic/hint-words.ts';

/** Hints in Spanish. The platform's own messages in them, such as what is wrong with an NCCO, stay in English. */
export const hintsEs: HintWords = {
  refused: ({ host, port }) =>
    `Ningún servidor escucha en ${host}. ¿Está en marcha el suyo en el puerto ${port}?`,
  'unknown-host': ({ host }) => `No se encuentra el nombre ${host}. Compruebe la URL del webhook.`,
  'connect-timeout': ({ host }) =>
    `${host} no ha aceptado la conexión a tiempo. Compruebe si hay un cortafuegos o un túnel caducado.`,
  'not-tls': ({ host }) =>
    `${host} usa http, pero la URL del webhook empieza por https. Cambie la URL a http u ofrezca https.`,
  'answer-timeout': () =>
    'Su servidor no ha respondido a tiempo. Responda primero y haga después el trabajo lento.',
  reset: () =>
    'Su servidor ha cerrado la conexión sin responder. Compruebe en su registro si ha fallado o se ha reiniciado.',
  certificate: ({ host }) =>
    `El certificado de ${host} no es de confianza. Vonage rechaza los certificados autofirmados, caducados o emitidos para otro nombre.`,
  'too-large': () => 'La respuesta ocupa más de 1 MB. Devuelva solo el NCCO.',
  'no-answer': ({ reason }) =>
    `No ha habido una respuesta completa: ${reason}. Consulte el registro de su servidor.`,
  redirected: ({ location }) =>
    `Las redirecciones no se siguen. Ponga en el webhook la URL final${location ? `: ${location}` : ''}.`,
  'no-route': ({ method, path }) =>
    `Su servidor no tiene ninguna ruta para ${method} ${path}. Compruebe la URL del webhook y las rutas de su servidor.`,
  'wrong-method': ({ method, path }) =>
    `Su servidor tiene ${path}, pero no acepta ${method}. Cambie el método del webhook o acepte ${method}.`,
  'signature-refused': ({ status }) =>
    `Su servidor ha rechazado la petición (${status}). ¿Usa el secreto de firma que muestra GET /emulator/credentials?`,
  'server-failed': ({ status }) => `Su servidor ha fallado (${status}). Consulte su registro.`,
  'webhook-refused': ({ status }) =>
    `Su servidor ha respondido ${status}. Vonage solo acepta de 200 a 205: responda 200, también a los eventos que no use.`,
  html: () =>
    'La respuesta es una página HTML, no un NCCO. ¿Lleva la URL a una página web o al aviso de un túnel?',
  'not-json': ({ type }) =>
    `${type ? `El tipo de contenido es ${type}` : 'Falta el tipo de contenido'}. Envíe el NCCO como application/json.`,
  ncco: ({ reason }) => `El NCCO no es válido. ${reason}.`,
  'empty-ncco': () => 'El NCCO está vacío, así que la llamada termina al instante. Añada una acción.',
  slow: ({ seconds }) =>
    `La respuesta ha tardado ${seconds} s, y quien llama ha oído silencio. Devuelva antes el NCCO: Vonage desiste a los 5 s.`,
  reported: ({ reason }) => `La plataforma informa a su aplicación de un error: ${reason}`,
  'sound-missing': ({ reason }) =>
    `Quien llama oye silencio en lugar de este sonido: su URL no lo entrega (${reason}). Debe llevar directamente al archivo, sin redirección ni inicio de sesión.`,
  'sound-unreadable': ({ reason }) =>
    `Quien llama oye silencio en lugar de este sonido: el archivo no se puede reproducir (${reason}). Use MP3 o WAV de 16 bits.`,
  unsigned: () =>
    'La petición no lleva ningún token. Envíe Authorization: Bearer con un token firmado con la clave privada de la aplicación.',
  'basic-refused': ({ key }) =>
    `La clave de API ${key} o su secreto no son correctos. GET /emulator/credentials muestra los correctos.`,
  'basic-needed': () =>
    'Esta API necesita la clave y el secreto de API (Basic), no un token de aplicación. GET /emulator/credentials los muestra.',
  'not-a-token': () => 'El token no es un JWT. Un JWT tiene tres partes, separadas por puntos.',
  'token-expired': ({ ago }) =>
    `El token caducó hace ${ago}. Cree uno nuevo para cada petición, o bastante antes de que caduque. ¿Está en hora su reloj?`,
  'unknown-application': ({ application }) =>
    `El token es de la aplicación ${application}, que no existe aquí. Use el ID y la clave de GET /emulator/credentials.`,
  'wrong-key': ({ application }) =>
    `El token no está firmado con la clave privada de la aplicación ${application}. Use la clave y el ID de la misma aplicación.`,
  'claims-missing': ({ claims }) =>
    `Al token le falta ${claims}. Añádalo, o cree el token con uno de los SDK de Vonage.`,
  'token-not-allowed': () =>
    'El token es válido, pero no del tipo que pide esta API. Las API REST necesitan un token sin sub; el Client SDK, uno con sub (un usuario que exista) y acl.',
  'too-many': () =>
    'Demasiadas peticiones. Como en Vonage, el límite es de 3 llamadas nuevas y 15 peticiones de otro tipo por segundo. Espere lo que indica Retry-After.',
  'no-address': ({ method, path }) =>
    `La plataforma no tiene ninguna ruta para ${method} ${path}. Compare la URL con la referencia de la API de Vonage.`,
  'not-found': ({ detail }) =>
    `${detail} Compruebe el ID: solo vale para una aplicación, y las llamadas que terminaron hace mucho se olvidan.`,
  rejected: ({ detail }) => `La petición se ha rechazado: ${detail}`,
  'platform-failed': () => 'Ha fallado el emulador. Su terminal dice por qué: por favor, comuníquelo.',
  'client-left': () => 'El cliente se ha desconectado antes de la respuesta. Dele más tiempo.',
};
