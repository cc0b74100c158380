/**
 * Hints in English, each with the values that it names. What is wrong comes first, what to change after it.
 * Other languages have the same codes.
 */
export const hintWords = {
  refused: ({ host, port }) => `Nothing listens on ${host}. Is your server running on port ${port}?`,
  'unknown-host': ({ host }) => `The name ${host} does not resolve. Check the address of the webhook.`,
  'connect-timeout': ({ host }) =>
    `${host} did not take the connection in time. Is a firewall or a tunnel that has ended in between?`,
  'answer-timeout': () => 'Your server did not answer in time. Answer first, and do slow work afterwards.',
  reset: () =>
    'Your server closed the connection without an answer. Its own log should say why it crashed or restarted.',
  certificate: ({ host }) =>
    `The certificate of ${host} cannot be trusted. Vonage takes none that is self-signed, expired or for another name.`,
  'too-large': () => 'The answer is larger than the platform reads. Answer with the NCCO alone.',
  'no-answer': ({ reason }) => `There was no whole answer: ${reason}.`,
  redirected: ({ location }) =>
    `Redirects are not followed. Give the application the final address${location ? `: ${location}` : ''}.`,
  'no-route': ({ method, path }) =>
    `Your server has no ${method} ${path}. Check the path in the application’s webhooks, and the route in your server.`,
  'wrong-method': ({ method, path }) =>
    `Your server has ${path}, but not for ${method}. Change the webhook’s method, or accept ${method}.`,
  'signature-refused': ({ status }) =>
    `Your server refused the request (${status}). Does it check the signature with this platform’s signature secret?`,
  'server-failed': ({ status }) => `Your server failed (${status}). Its own log should say why.`,
  'webhook-refused': ({ status }) => `Vonage takes 200 to 205 for a success, and this is ${status}.`,
  html: () =>
    'The answer is an HTML page, not an NCCO. Is this the address of a web page, or of a tunnel’s warning?',
  'not-json': ({ type }) => `The content type is ${type || 'absent'}. Send the NCCO as application/json.`,
  ncco: ({ reason }) => `The NCCO cannot be carried out. ${reason}.`,
  'empty-ncco': () => 'The NCCO is empty, which ends the call at once. Put an action into it.',
  slow: ({ seconds }) =>
    `The answer took ${seconds} s, and the caller heard silence. Over 5 s Vonage gives up.`,
  reported: ({ reason }) => `The platform tells the application of a fault: ${reason}`,
  unsigned: () =>
    'The request has no token. Send Authorization: Bearer and a token signed by the application’s private key.',
  'basic-refused': ({ key }) =>
    `The API key ${key} or its secret is wrong. GET /emulator/credentials has the right ones.`,
  'basic-needed': () =>
    'This address wants the API key and secret (Basic), not an application’s token. GET /emulator/credentials has them.',
  'not-a-token': () => 'What was sent as a token is none: it must be a JWT, three parts with dots between.',
  'token-expired': ({ ago }) =>
    `The token expired ${ago} ago. Make a new one for each request, or well before it ends; is the clock right?`,
  'unknown-application': ({ application }) =>
    `The token is of application ${application}, which is not here. Use the id and key of GET /emulator/credentials.`,
  'wrong-key': ({ application }) =>
    `The token was not signed by the private key of application ${application}. Keys and id must belong together.`,
  'claims-missing': ({ claims }) =>
    `The token lacks ${claims}. Vonage’s SDKs make tokens that have all that is needed.`,
  'token-not-allowed': () =>
    'The token is genuine, and not for this. A REST API wants a token without sub; the Client SDK wants one with sub (a user that exists) and acl.',
  'too-many': () =>
    'Too many requests in a second, as at Vonage: 3 new calls, 15 others. Wait as long as Retry-After says.',
  'no-address': ({ method, path }) =>
    `The platform has no ${method} ${path}. Check the address against Vonage’s API reference.`,
  'not-found': ({ detail }) =>
    `${detail} Ids are of one application, and calls that ended long ago are forgotten.`,
  rejected: ({ detail }) => `The request was refused: ${detail}`,
  'platform-failed': () => 'The emulator itself failed. Its terminal says why; please report it.',
  'client-left': () => 'Whoever asked went away before the answer.',
} satisfies Record<string, (values: Record<string, string>) => string>;

export type HintCode = keyof typeof hintWords;
export type HintWords = Record<HintCode, (values: Record<string, string>) => string>;
