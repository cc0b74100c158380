/** Hints in English: first the problem, then the fix. Other languages have the same codes. */
export const hintWords = {
  refused: ({ host, port }) => `Nothing listens on ${host}. Is your server running on port ${port}?`,
  'unknown-host': ({ host }) => `The name ${host} does not resolve. Check the webhook’s URL.`,
  'connect-timeout': ({ host }) =>
    `${host} did not accept the connection in time. Check for a firewall or an expired tunnel.`,
  'not-tls': ({ host }) =>
    `${host} speaks http, but the webhook’s URL begins with https. Change the URL to http, or serve https.`,
  'answer-timeout': () => 'Your server did not answer in time. Answer first, then do the slow work.',
  reset: () => 'Your server closed the connection without answering. Check its log for a crash or restart.',
  certificate: ({ host }) =>
    `The certificate of ${host} is not trusted. Vonage rejects certificates that are self-signed, expired or issued for another name.`,
  'too-large': () => 'The answer is larger than 1 MB. Return only the NCCO.',
  'no-answer': ({ reason }) => `There was no complete answer: ${reason}. Check your server’s log.`,
  redirected: ({ location }) =>
    `Redirects are not followed. Set the webhook to the final URL${location ? `: ${location}` : ''}.`,
  'no-route': ({ method, path }) =>
    `Your server has no route for ${method} ${path}. Check the webhook’s URL and your server’s routes.`,
  'wrong-method': ({ method, path }) =>
    `Your server has ${path}, but does not accept ${method}. Change the webhook’s method, or accept ${method}.`,
  'signature-refused': ({ status }) =>
    `Your server rejected the request (${status}). Does it use the signature secret from GET /emulator/credentials?`,
  'server-failed': ({ status }) => `Your server failed (${status}). Check its log.`,
  'webhook-refused': ({ status }) =>
    `Your server answered ${status}. Vonage accepts only 200 to 205: answer 200, even to events that you ignore.`,
  html: () =>
    'The answer is an HTML page, not an NCCO. Does the URL lead to a web page, or to a tunnel’s warning page?',
  'not-json': ({ type }) => `The content type is ${type || 'missing'}. Send the NCCO as application/json.`,
  ncco: ({ reason }) => `The NCCO is not valid. ${reason}.`,
  'empty-ncco': () => 'The NCCO is empty, so the call ends immediately. Add an action.',
  slow: ({ seconds }) =>
    `The answer took ${seconds} s, and the caller heard silence. Return the NCCO sooner: Vonage gives up after 5 s.`,
  reported: ({ reason }) => `The platform reports an error to your application: ${reason}`,
  'sound-missing': ({ reason }) =>
    `The caller hears silence in place of this sound: its URL ${reason}. It must lead straight to the file, without a redirect or a sign-in.`,
  'sound-unreadable': ({ reason }) =>
    `The caller hears silence in place of this sound: the file cannot be played (${reason}). Use MP3, or WAV with 16 bits.`,
  unsigned: () =>
    'The request has no token. Send Authorization: Bearer with a token signed by the application’s private key.',
  'basic-refused': ({ key }) =>
    `The API key ${key} or its secret is wrong. GET /emulator/credentials shows the right ones.`,
  'basic-needed': () =>
    'This API needs the API key and secret (Basic), not an application’s token. GET /emulator/credentials shows them.',
  'not-a-token': () => 'The token is not a JWT. A JWT has three parts, separated by dots.',
  'token-expired': ({ ago }) =>
    `The token expired ${ago} ago. Create a new one for each request, or well before it expires. Is your clock right?`,
  'unknown-application': ({ application }) =>
    `The token belongs to application ${application}, which does not exist here. Use the ID and key from GET /emulator/credentials.`,
  'wrong-key': ({ application }) =>
    `The token is not signed with the private key of application ${application}. Use the key and ID of the same application.`,
  'claims-missing': ({ claims }) =>
    `The token lacks ${claims}. Add it, or let one of Vonage’s SDKs create the token.`,
  'token-not-allowed': () =>
    'Valid token, wrong type for this API. REST APIs need a token without sub; the Client SDK needs one with sub (an existing user) and acl.',
  'too-many': () =>
    'Too many requests. As with Vonage, the limit is 3 new calls and 15 other requests per second. Wait as long as Retry-After says.',
  'no-address': ({ method, path }) =>
    `The platform has no route for ${method} ${path}. Compare the URL with Vonage’s API reference.`,
  'not-found': ({ detail }) =>
    `${detail} Check the ID: it is valid for one application only, and calls that ended long ago are forgotten.`,
  rejected: ({ detail }) => `The request was rejected: ${detail}`,
  'platform-failed': () => 'The emulator failed. Its terminal says why: please report it.',
  'client-left': () => 'The client disconnected before the answer. Give it more time.',
} satisfies Record<string, (values: Record<string, string>) => string>;

export type HintCode = keyof typeof hintWords;
export type HintWords = Record<HintCode, (values: Record<string, string>) => string>;
