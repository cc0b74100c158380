import { effect, type Signal, signal } from '@preact/signals';
import { formatNumber, type NumberProblem, readNumber } from '../../../ui/numbers.ts';
import type { PhoneModel } from './phone.ts';

/** A number being typed, and its error after an attempt to dial. */
export interface NumberField {
  text: Signal<string>;
  problem: Signal<NumberProblem | undefined>;
  type(text: string): void;
  /** Typing has ended. */
  settle(): void;
}

/** The two numbers of the next call. */
export interface Dialler {
  own: NumberField;
  to: NumberField;
  /** Dials, or shows the error at each number and returns the first invalid one. */
  dial(): 'own' | 'to' | undefined;
}

/** Storage key of this phone's number. */
const OWN_NUMBER = 'your-number';

/** Milliseconds without a key after which a number counts as typed. */
const TYPED_AFTER_MS = 600;

/**
 * Fills in the numbers that the emulator suggests, and registers this phone's number, which `storage` keeps for
 * this tab.
 */
export function createDialler(
  phone: Pick<PhoneModel, 'welcome' | 'dial' | 'register'>,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): Dialler {
  let typing: ReturnType<typeof setTimeout> | undefined;
  const own = createField(storage.getItem(OWN_NUMBER) ?? '', {
    typed(text) {
      storage.setItem(OWN_NUMBER, text);
      clearTimeout(typing);
      typing = setTimeout(register, TYPED_AFTER_MS);
    },
    settled: register,
  });
  const to = createField('');
  let suggested = '';

  function register(): void {
    clearTimeout(typing);
    const number = readNumber(own.text.peek(), phone.welcome.peek()?.country);
    phone.register(number.ok ? number.digits : null);
  }

  effect(() => {
    const welcome = phone.welcome.value;
    if (welcome === undefined) return;
    // This tab keeps its number, so that its next calls have the same caller.
    if (own.text.peek().trim() === '') own.type(formatNumber(welcome.caller));
    // The emulator may reconnect with another number, but a typed one stays.
    if (to.text.peek().trim() === suggested) to.type(formatNumber(welcome.number));
    suggested = formatNumber(welcome.number);
    register();
  });

  function read(field: NumberField): string | undefined {
    const number = readNumber(field.text.peek(), phone.welcome.peek()?.country);
    field.problem.value = number.ok ? undefined : number.problem;
    return number.ok ? number.digits : undefined;
  }

  return {
    own,
    to,
    dial() {
      const from = read(own);
      const callee = read(to);
      if (callee === undefined) return 'to';
      if (from === undefined) return 'own';
      register();
      phone.dial({ own: from, other: callee });
      return undefined;
    },
  };
}

interface FieldListener {
  typed(text: string): void;
  settled(): void;
}

function createField(first: string, listener?: FieldListener): NumberField {
  const text = signal(first);
  const problem = signal<NumberProblem>();
  return {
    text,
    problem,
    type(typed) {
      text.value = typed;
      problem.value = undefined;
      listener?.typed(typed);
    },
    settle: () => listener?.settled(),
  };
}
