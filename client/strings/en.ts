const noAnswer = (what: string, button: string) => ({
  refused: `${what}: allow the microphone, then click ${button} again`,
  missing: `${what}: no microphone was found. Plug one in, then click ${button} again`,
  busy: `${what}: another program uses the microphone. Close it, then click ${button} again`,
  insecure: `${what}: browsers give the microphone only to https pages and to this computer’s own`,
});

/** English, and the shape that every language has. */
export const en = {
  language: 'en',
  product: 'Switchboard',

  line: {
    connecting: 'Connecting to Vonage…',
    reconnecting: 'Reconnecting: calls may not reach you',
    signedOut: 'Sign in to take calls',
    following: 'Calls are handled in another tab',
    open: 'Lines are open for calls',
    calledInstead: (name: string) => `Only ${name} receives calls`,
    cannotAnswer: {
      refused: 'Not ready: microphone access is blocked',
      missing: 'Not ready: no microphone found',
      busy: 'Not ready: another program is using the microphone',
      insecure: 'Not ready: the microphone needs HTTPS or localhost',
    },
    offline: {
      'no-network': 'Offline: this computer has no network',
      'server-gone': 'Offline: the server does not respond',
      'vonage-unreachable': 'Offline: Vonage cannot be reached',
    },
    refused: {
      'token-refused': 'Offline: Vonage refused this page',
      'token-expired': 'Offline: access to Vonage has expired',
      'session-limit': 'Offline: too many pages are open for this agent',
      'not-allowed': 'Offline: this page may not take calls',
      'no-agent': 'Offline: there is no agent of this name',
    },
    advice: {
      'no-network': 'Calls cannot reach you. The page connects again as soon as the network is back.',
      'server-gone': 'Calls cannot reach you. The page keeps trying by itself.',
      'vonage-unreachable': 'Calls cannot reach you. The page keeps trying by itself.',
      'token-refused': 'Calls cannot reach you. The server’s log says why its credentials were refused.',
      'token-expired':
        'Calls cannot reach you. New tokens expire at once: check the clocks of this computer and the server.',
      'session-limit':
        'Calls cannot reach you here. Close other tabs and computers where this agent is open, then retry.',
      'not-allowed': 'Calls cannot reach you. Open the page from the address that the server printed.',
      'no-agent': 'Calls cannot reach you. Check the name at the end of this page’s address.',
    },
    chip: {
      label: 'Line',
      connecting: 'Connecting',
      open: 'Open',
      standby: 'Standby',
      notReady: 'Not ready',
      following: 'Other tab',
      reconnecting: 'Reconnecting',
      offline: 'Offline',
    },
    retry: 'Retry',
  },

  call: {
    status: 'Call status',
    unknownCaller: 'an unknown number',
    incoming: (caller: string) => `Incoming call from ${caller}`,
    connecting: 'Connecting…',
    inCall: (caller: string) => `In call with ${caller}`,
    reconnectingAudio: 'Reconnecting audio…',
    interrupted: (caller: string) => `Call interrupted: ${caller} may still be there`,
    ended: (reason: string) => `Call ended: ${reason}`,
    reasons: {
      'caller-hung-up': 'caller hung up',
      'you-hung-up': 'you hung up',
      'you-rejected': 'you rejected it',
      'caller-gave-up': 'caller gave up',
      'answered-elsewhere': 'answered elsewhere',
      'rejected-elsewhere': 'rejected elsewhere',
      'nobody-answered': 'nobody answered',
      'connection-lost': 'connection lost',
    },
    notAnswered: noAnswer('Not answered', 'Answer'),
    notRejoined: noAnswer('Not rejoined', 'Rejoin'),
    reachedAt: (number: string) => `Callers reach you at ${number}`,
    dialled: (number: string) => `They dialled ${number}`,
    openPhone: 'Open the phone to try a call',
    duration: 'Duration',
    lasted: (duration: string) => `The conversation lasted ${duration}`,
    muted: 'You are muted',
    titleRinging: (caller: string) => `${caller} is calling`,
  },

  agents: {
    switchTo: 'Switch to',
  },

  otherTab: {
    words: 'Calls are handled in another tab.',
    busy: 'You are in a call in another tab.',
    use: 'Use this tab',
  },

  actions: {
    answer: 'Answer',
    reject: 'Reject',
    hangUp: 'Hang up',
    mute: 'Mute',
    keypad: 'Keypad',
    rejoin: (seconds: number) => `Rejoin call (${seconds} s left)`,
  },

  keypad: {
    star: 'Star',
    hash: 'Hash',
    typed: 'Sent',
    failed: 'The last key did not get through',
  },

  waiting: {
    words: (caller: string) => `Another call: ${caller} is waiting`,
    more: (count: number) => (count === 1 ? 'and one more' : `and ${count} more`),
    takeNext: 'End this call and take the next',
  },

  sound: {
    blocked: 'Ringing is blocked. Click to enable',
  },

  microphone: {
    name: 'Microphone',
    check: 'Check microphone',
    unknown: 'Not checked yet',
    asking: 'Allow this page to use it, in the browser’s question',
    listening: 'Say something: the bar should move',
    ready: 'Ready',
    level: 'Microphone level',
    problems: {
      refused: 'The microphone is blocked for this page',
      missing: 'No microphone was found',
      busy: 'The microphone is in use by another program',
      insecure: 'This page may not use the microphone',
    },
    advice: {
      refused: 'Allow it in the browser’s site settings, beside the address. You cannot answer until then.',
      missing: 'Plug one in, or switch it on in the system’s settings. You cannot answer until then.',
      busy: 'Close the program that uses it, then check again. You cannot answer until then.',
      insecure:
        'Browsers give it only to https pages and to this computer’s own. Open the page under such an address.',
    },
  },

  signIn: {
    title: 'Sign in',
    agent: 'Your name',
    code: 'Access code',
    submit: 'Sign in',
    sending: 'Signing in…',
    signOut: 'Sign out',
    nameMissing: 'Enter your name.',
    codeMissing: 'Enter your access code.',
    problems: {
      'wrong-code': 'Name and access code do not match. Check both and try again.',
      'too-many-tries': 'Too many tries. Wait a minute, then try again.',
      'not-allowed':
        'Nobody can sign in at this address. Open the page from the address that the server printed.',
      unreachable: 'The server does not respond. Try again in a moment.',
      'signed-out-elsewhere': 'Your sign-in has ended. Sign in again to take calls.',
      'sign-out-failed':
        'The server could not be told that you signed out. Reload the page and sign out again.',
    },
  },

  recent: {
    title: 'Recent calls',
    empty: 'No calls on this page yet',
    unknownCaller: 'Unknown number',
  },

  log: {
    title: 'Event log',
    copy: 'Copy for support',
    copied: 'Copied, with phone numbers shortened',
    copyFailed: 'The browser refused to copy',
  },

  settings: {
    language: 'Language',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    allowNotifications: 'Allow notifications',
    notificationsRefused: 'Notifications are blocked in the browser',
  },
};

export type Strings = typeof en;
