/** What the phone says in English, and the shape that every language has. */
export const en = {
  language: 'en',

  page: {
    title: 'Test phone',
    youAre: 'You are',
    emulator: 'Emulator',
    another: 'Open another phone',
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
    onlyListening: 'nothing: you only listen',
    keypad: 'Keypad',
    keysSent: 'Keys sent',
    keysInBand: 'Send keys as tones, in band',
    mute: 'Mute',
    hangUp: 'Hang up',
    duration: 'Duration',
  },

  incoming: {
    panel: 'Incoming call',
    answer: 'Answer',
    reject: 'Reject',
    answerListening: 'Answer and only listen',
    soundBlocked: 'Your browser keeps it silent: click anywhere on this page to hear it ring.',
  },

  speech: {
    label: 'Say as speech',
    say: 'Say',
    help: 'Stands in for speech recognition: what you type is what the platform understands. Nobody hears it.',
    said: (text: string) => `Said: “${text}”`,
  },

  status: {
    name: 'Phone status',
    display: 'Display',
    connecting: 'Connecting to the emulator…',
    ready: 'Ready to call',
    dialling: 'Dialling',
    ringing: 'Ringing',
    answered: 'The number has answered:',
    inCall: 'In call with',
    incoming: 'Incoming call from',
    unknownCaller: 'an unknown caller',
    answering: 'Answering…',
    ended: (reason: string) => `Call ended: ${reason}`,
  },

  note: {
    connecting: 'This page keeps trying. Is the emulator running?',
    connectingAgain: 'Connecting to the emulator again…',
    reconnecting: 'Reconnecting to the emulator…',
    allowMicrophone: 'If your browser asks for the microphone, allow it.',
    waiting: 'Waiting for somebody to join the call',
    muted: 'You are muted: nobody hears you.',
    keyNotSent: (key: string) => `The key ${key} was not sent.`,
    notUnderstood: (text: string) => `This did not reach the platform: “${text}”`,
    troubles: {
      'no-playback': 'The browser does not play the sound of this call.',
      'sound-lost': 'The sound of this call is lost.',
      'microphone-gone': 'The microphone is gone: nobody hears you.',
      'answer-refused': 'The browser does not take the sound of this call.',
    },
  },

  ends: {
    'you-hung-up': 'you hung up',
    'far-side-hung-up': 'the other side hung up',
    'nobody-answered': 'nobody answered',
    rejected: 'the call was rejected',
    busy: 'the number is busy',
    'not-in-service': 'the number is not in service',
    'time-limit': 'it lasted as long as it may',
    'caller-gave-up': 'caller gave up',
    'answered-elsewhere': 'answered elsewhere',
    'you-rejected': 'you rejected it',
    'connection-lost': 'connection to the emulator lost',
    failed: 'the call failed',
    'application-error': 'the application answered with an error',
  },

  /** Why there never was a call; `why` is what the emulator or the browser said. */
  refusals: {
    'unknown-number': (number: string) => `The number ${number} is not in service`,
    'bad-number': (number: string) => `The number ${number} cannot be dialled`,
    gone: () => 'The call was over before you answered',
    'bad-media': () => 'The sound of this browser could not be connected',
    internal: (_number: string, why: string) => `The emulator cannot call: ${why}`,
    'no-reply': () => 'The emulator did not reply',
    'no-sound': (_number: string, why: string) => `The browser cannot call: ${why}`,
  },

  microphone: {
    listen: 'Dial and only listen',
    faults: {
      refused: {
        title: 'Microphone access is refused',
        help: 'Allow it for this page beside the address (or in the system’s privacy settings), then try again.',
      },
      none: {
        title: 'No microphone found',
        help: 'Plug one in, then try again.',
      },
      busy: {
        title: 'The microphone is in use',
        help: 'Another program holds it. Close that program, then try again.',
      },
      insecure: {
        title: 'No microphone on this address',
        help: 'Browsers give the microphone only to https pages and to localhost. Open the phone at localhost.',
      },
    },
  },
};

export type Strings = typeof en;
