/** The page of an invitation in English, and the shape that every language has. */
export const invitationEn = {
  product: 'Switchboard',
  title: 'You are invited to Switchboard',
  advice: 'Accept to sign in on this computer and get your access code. The link works once.',
  accept: 'Accept invitation',
  accepting: 'Signing in…',
  welcome: (name: string) => `Welcome, ${name}`,
  code: 'Your access code',
  codeAdvice:
    'With your name and this code you sign in on other computers. It is shown only now: save it in your password manager.',
  copy: 'Copy code',
  copied: 'Copied',
  open: { agent: 'Open the agent page', supervisor: 'Open the wall', developer: 'Open the console' },
  problems: {
    'wrong-code': 'This link was used, has expired, or was replaced. Ask for a new one.',
    'too-many-tries': 'Too many attempts. Wait a minute, then try again.',
    'not-needed': 'This server needs no sign-in.',
    unreachable: 'The server is not responding. Try again in a moment.',
  },
};

export type InvitationStrings = typeof invitationEn;
