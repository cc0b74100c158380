import { passedOverEn } from './passed-over-en.ts';

const noAnswer = (what: string, button: string) => ({
  refused: `${what}: allow the microphone, then click ${button} again`,
  missing: `${what}: no microphone found. Plug one in, then click ${button} again`,
  busy: `${what}: another program is using the microphone. Close it, then click ${button} again`,
  insecure: `${what}: the microphone needs HTTPS or localhost`,
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
      'server-gone': 'Offline: the server is not responding',
      'vonage-unreachable': 'Offline: Vonage is not responding',
    },
    refused: {
      'token-refused': 'Offline: Vonage rejected the connection',
      'token-expired': 'Offline: access to Vonage expired',
      'session-limit': 'Offline: too many open sessions for this agent',
      'not-allowed': 'Offline: this address isn’t allowed',
      'no-role': 'Offline: you aren’t an agent',
      'no-agent': 'Offline: unknown agent',
    },
    advice: {
      'no-network': 'You can’t receive calls. The page reconnects as soon as the network is back.',
      'server-gone': 'You can’t receive calls. Reconnecting automatically.',
      'vonage-unreachable': 'You can’t receive calls. Reconnecting automatically.',
      'token-refused': 'You can’t receive calls. The server log says why Vonage rejected its credentials.',
      'token-expired':
        'You can’t receive calls. Check the clocks of this computer and of the server: new tokens expire at once.',
      'session-limit':
        'You can’t receive calls here. Close this agent’s page on other computers, then retry.',
      'not-allowed': 'You can’t receive calls. Open the page from the address that the server printed.',
      'no-role':
        'This page is for agents. Ask the person who runs the server to give you the role “agent”, then retry.',
      'no-agent': 'You can’t receive calls. Check the name at the end of this page’s address.',
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
    /** What rings that is no caller in a queue. */
    ringing: {
      callback: (customer: string) => `Callback to ${customer}`,
      consult: (agent: string, caller: string) => `Incoming call from ${agent} about ${caller}`,
      transfer: (agent: string, caller: string) => `Incoming call from ${caller}, transferred by ${agent}`,
      supervise: (caller: string) => `Listen to the call with ${caller}`,
    },
    connecting: 'Connecting…',
    inCall: (caller: string) => `In call with ${caller}`,
    dialling: {
      dialing: (number: string) => `Calling ${number}…`,
      ringing: (number: string) => `Ringing at ${number}…`,
    },
    onHold: 'On hold',
    holdAlert: 'The caller has been on hold for 2 minutes',
    holdAlarm: 'The caller has been on hold for 3 minutes',
    reconnectingAudio: 'Reconnecting audio…',
    returning: (caller: string) => `Reconnecting you to ${caller}`,
    interrupted: (caller: string) => `Call interrupted: ${caller} may still be there`,
    ended: (reason: string) => `Call ended: ${reason}`,
    reasons: {
      'caller-hung-up': 'caller hung up',
      'you-hung-up': 'you hung up',
      'you-rejected': 'declined',
      'caller-gave-up': 'missed, caller hung up',
      'answered-elsewhere': 'answered elsewhere',
      'rejected-elsewhere': 'declined elsewhere',
      'nobody-answered': 'missed',
      'connection-lost': 'connection lost',
      'caller-gone': 'the caller has gone',
      over: 'the line was closed',
      transferred: 'you transferred it',
      'status-changed': 'you changed your status',
      busy: 'the number is busy',
      'they-declined': 'they declined',
      'no-answer': 'no answer',
      'not-reached': 'the number can’t be reached',
      'not-placed': 'it couldn’t be placed',
      'no-microphone': 'the microphone can’t be used',
    },
    customerHungUp: 'customer hung up',
    answeredBy: (name: string) => `answered by ${name}`,
    notAnswered: noAnswer('Not answered', 'Answer'),
    notRejoined: noAnswer('Not rejoined', 'Rejoin'),
    reachedAt: (number: string) => `Your number: ${number}`,
    dialled: (number: string) => `To: ${number}`,
    openPhone: 'Place a test call',
    duration: 'Duration',
    lasted: (duration: string) => `Talk time: ${duration}`,
    muted: 'You are muted',
    microphone: {
      lost: 'Your microphone is disconnected: the caller can’t hear you',
      back: 'Your microphone works again',
    },
    titleRinging: (caller: string) => `${caller} is calling`,
  },

  agents: {
    switchTo: 'Switch to',
  },

  desk: {
    connecting: 'Connecting to the desk…',
    elsewhere: 'Calls are handled in another browser',
    elsewhereAdvice: 'To take calls here, close this page in the other browser or on the other computer.',
    untested: 'Not ready: test your microphone first',
    noSound: 'Not ready: no sound output found',
    inCallElsewhere: 'You are in a call in another window',
    status: 'Your status',
    choices: { available: 'Available', away: 'Away', offline: 'Offline' },
    chosen: { available: 'Available', away: 'Away', offline: 'Offline by choice' },
    awayBecause: (reason: string) => `Away: ${reason}`,
    reason: 'Away for…',
    reasons: {
      lunch: 'lunch',
      break: 'break',
      meeting: 'meeting',
      training: 'training',
      other: 'other',
      'no answer': 'no answer',
    },
    since: (status: string, time: string) => `${status} since ${time}`,
    afterCall: (status: string) => `After this call: ${status}`,
    notSaved: 'Your status wasn’t saved. Try again.',
    afterWrapUp: (status: string) => `After wrap-up: ${status}`,
    stillThere: 'Still there? You missed calls, so new ones go to others.',
    imBack: 'I’m back',
    queue: (name: string) => `Queue: ${name}`,
    waited: (time: string) => `Waiting for ${time}`,
    callbackWaited: (time: string) => `Asked for ${time} ago`,
    callbackNext: 'The customer is called when you answer',
    consultNext: 'The caller is on hold, and hears nothing of it',
    secondsLeft: (seconds: number) => `${seconds} s left`,
    wrapUp: 'Wrap-up',
    endWrapUp: 'End wrap-up',
    extendWrapUp: 'Extend',
    note: 'Write a note',
    why: {
      longestIdle: (time: string) => `Idle longest: ${time}`,
      onlyYou: 'Only you are free',
      seconds: (count: number) => `${count} s`,
      minutes: (count: number) => `${count} min`,
      passedOver: passedOverEn,
    },
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
    hold: 'Hold',
    keypad: 'Keypad',
    dial: 'Dial',
    transfer: 'Transfer',
    rejoin: (seconds: number) => `Rejoin call (${seconds} s left)`,
  },

  keypad: {
    star: 'Star',
    hash: 'Hash',
    typed: 'Sent',
    failed: 'The last digit wasn’t sent',
  },

  dial: {
    number: 'Number to call',
    hint: 'A national number, or + and the country code',
    keys: 'Digits',
    erase: 'Delete the last digit',
    call: 'Call number',
    recent: 'Recent numbers',
    problems: {
      busy: 'The number is busy.',
      declined: 'The call was declined.',
      'no answer': 'Nobody answered.',
      unreachable: 'The number can’t be reached.',
      'busy here': 'You are in another call already.',
      'not a number': 'This isn’t a complete phone number.',
      short: 'Emergency and other short numbers can’t be called from here. Use a telephone.',
      own: 'This is your own number.',
      'not allowed': 'Calls to this number aren’t allowed here.',
      premium: 'This is a premium number, and calls to those aren’t allowed here.',
      server: 'The server is not responding. Try again in a moment.',
    },
  },

  waiting: {
    words: (caller: string) => `Call waiting: ${caller}`,
    more: (count: number) => (count === 1 ? '1 more' : `${count} more`),
    takeNext: 'End & answer',
  },

  sound: {
    blocked: 'Ringtone is off. Click to turn sound on',
    none: 'No sound output found: calls ring silently here',
  },

  microphone: {
    name: 'Microphone',
    check: 'Test microphone',
    unknown: 'Not tested yet',
    asking: 'Allow microphone access when the browser asks',
    listening: 'Speak to test your microphone',
    ready: 'Ready',
    level: 'Microphone level',
    problems: {
      refused: 'Microphone access is blocked',
      missing: 'No microphone found',
      busy: 'Another program is using the microphone',
      insecure: 'The microphone needs HTTPS or localhost',
    },
    advice: {
      refused:
        'Allow it in the browser’s site settings, next to the address. You can’t answer calls until then.',
      missing: 'Plug one in, or turn it on in the system settings. You can’t answer calls until then.',
      busy: 'Close that program, then test again. You can’t answer calls until then.',
      insecure: 'Open this page over HTTPS, or on localhost. You can’t answer calls until then.',
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
    company: 'Sign in with your company account',
    problems: {
      'wrong-code': 'Wrong name or access code. Check both and try again.',
      'too-many-tries': 'Too many attempts. Wait a minute, then try again.',
      'not-allowed': 'This address isn’t allowed. Open the page from the address that the server printed.',
      unreachable: 'The server is not responding. Try again in a moment.',
      'signed-out-elsewhere': 'Your session has ended. Sign in again to take calls.',
      'sign-out-failed': 'Sign-out didn’t finish. Reload the page and sign out again.',
    },
  },

  devices: {
    open: 'Audio',
  },

  panes: {
    name: 'Panes',
    call: 'Call',
    caller: 'Caller',
    lists: 'Lists',
    loading: 'Loading…',
    failed: 'This part of the page didn’t load.',
  },

  recent: {
    answered: (reason: string) => `answered, ${reason}`,
    title: 'Recent calls',
    empty: 'No calls yet',
    unknownCaller: 'Unknown number',
    callBack: (number: string) => `Call ${number}`,
  },

  log: {
    title: 'Event log',
    copy: 'Copy for support',
    copied: 'Copied, with phone numbers masked',
    copyFailed: 'The browser blocked copying',
  },

  settings: {
    language: 'Language',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    console: 'Developer console',
    allowNotifications: 'Allow notifications',
    notificationsRefused: 'Notifications are blocked in the browser',
  },
};

export type Strings = typeof en;
