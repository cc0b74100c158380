/** The phone's texts in English. Other languages have the same shape. */
export const en = {
  language: 'en',

  page: {
    title: 'Test phone',
    youAre: 'You are',
    emulator: 'Emulator',
    another: 'Another phone',
    inspector: 'Inspector',
    appearance: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
  },

  dialler: {
    to: 'Number to dial',
    own: 'Your number',
    call: 'Call',
    problems: {
      empty: 'Enter a number.',
      'not-digits': 'Use digits only, for example +44 7700 900123.',
      'too-short': 'This number is too short.',
      'too-long': 'This number is too long: 15 digits at most.',
    },
    ringsFor: (number: string) => `Ringing here for calls to ${number}`,
    ringsForNone: 'No calls ring here: your number needs 7 to 15 digits.',
  },

  call: {
    panel: 'This call',
    youHear: 'You hear',
    whatYouHear: 'What you hear',
    youSay: 'You say',
    onlyListening: 'nothing: listen only',
    keypad: 'Keypad',
    keysSent: 'Keys sent',
    keysInBand: 'Send in-band DTMF',
    mute: 'Mute',
    hangUp: 'Hang up',
    duration: 'Duration',
  },

  incoming: {
    panel: 'Incoming call',
    answer: 'Answer',
    reject: 'Reject',
    answerListening: 'Answer, listen only',
    soundBlocked: 'Ringtone is off: click anywhere on this page to turn it on.',
  },

  speech: {
    label: 'Say as speech',
    say: 'Say',
    help: 'Replaces speech recognition: the platform understands what you type. Nobody hears it.',
    said: (text: string) => `Said: “${text}”`,
  },

  status: {
    name: 'Phone status',
    display: 'Display',
    connecting: 'Connecting to the emulator…',
    ready: 'Ready to call',
    dialling: 'Dialling',
    ringing: 'Ringing',
    answered: 'Connected to',
    inCall: 'In call with',
    incoming: 'Incoming call from',
    unknownCaller: 'an unknown caller',
    answering: 'Answering…',
    ended: (reason: string) => `Call ended: ${reason}`,
  },

  note: {
    connecting: 'Reconnecting automatically. Is the emulator running?',
    reconnecting: 'Reconnecting to the emulator…',
    allowMicrophone: 'Allow microphone access when the browser asks.',
    alone: 'Nobody else is in the call yet',
    muted: 'You are muted: nobody hears you.',
    keyNotSent: (key: string) => `The key ${key} was not sent.`,
    notUnderstood: (text: string) => `Not delivered to the platform: “${text}”`,
    troubles: {
      'no-playback': 'The browser can’t play this call’s audio.',
      'sound-lost': 'This call’s audio was lost.',
      'microphone-gone': 'The microphone was disconnected: nobody hears you.',
      'answer-refused': 'The browser rejected this call’s audio.',
    },
  },

  ends: {
    'you-hung-up': 'you hung up',
    'far-side-hung-up': 'the other side hung up',
    'nobody-answered': 'no answer',
    rejected: 'declined',
    busy: 'the number is busy',
    'not-in-service': 'the number is not in service',
    'time-limit': 'maximum duration reached',
    'caller-gave-up': 'missed, caller hung up',
    'answered-elsewhere': 'answered elsewhere',
    'you-rejected': 'you declined',
    'connection-lost': 'connection to the emulator lost',
    failed: 'the call failed',
    'application-error': 'the application answered with an error',
  },

  /** Why a call could not start; `why` is the message of the emulator or the browser. */
  refusals: {
    'unknown-number': (number: string) => `The number ${number} is not in service`,
    'bad-number': (number: string) => `The number ${number} cannot be dialled`,
    gone: () => 'The call ended before you answered',
    'bad-media': () => 'This browser’s audio could not be connected',
    internal: (_number: string, why: string) => `The emulator cannot call: ${why}`,
    'no-reply': () => 'The emulator did not reply',
    'no-sound': (_number: string, why: string) => `The browser cannot call: ${why}`,
  },

  microphone: {
    listen: 'Dial, listen only',
    faults: {
      refused: {
        title: 'Microphone access is blocked',
        help: 'Allow it in the address bar or in the system’s privacy settings, then try again.',
      },
      none: {
        title: 'No microphone found',
        help: 'Plug one in, then try again.',
      },
      busy: {
        title: 'The microphone is in use',
        help: 'Close the other app that uses it, then try again.',
      },
      insecure: {
        title: 'No microphone on this address',
        help: 'The microphone needs https or localhost. Open the phone at localhost.',
      },
    },
  },
};

export type Strings = typeof en;
