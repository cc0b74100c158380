import { effect, type Signal, signal } from '@preact/signals';
import type { Memory } from '../../parts/remember.ts';
import { formatNumber, type NumberProblem, readNumber } from './numbers.ts';
import type { PhoneModel } from './phone.ts';

/** A number as it is being typed, and what is wrong with it once it was tried. */
export interface NumberField {
  text: Signal<string>;
  problem: Signal<NumberProblem | undefined>;
  type(text: string): void;
}

/** The two numbers of the next call. */
export interface Dialler {
  own: NumberField;
  to: NumberField;
  /** Dials, or says at each number what is wrong with it and names the first that is. */
  dial(): 'own' | 'to' | undefined;
}

/** Fills the numbers in as the emulator suggests; `memory` keeps the own one for this tab. */
export function createDialler(phone: Pick<PhoneModel, 'welcome' | 'dial'>, memory: Memory): Dialler {
  const own = createField(memory.read() ?? '', memory.write);
  const to = createField('');
  let suggested = '';

  effect(() => {
    const welcome = phone.welcome.value;
    if (welcome === undefined) return;
    // Once this tab has a number it keeps it: the next calls come from the same caller.
    if (own.text.peek().trim() === '') own.type(formatNumber(welcome.caller));
    // The emulator may have come back with another number; one that was typed here stays.
    if (to.text.peek().trim() === suggested) to.type(formatNumber(welcome.number));
    suggested = formatNumber(welcome.number);
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
      phone.dial({ from, to: callee });
      return undefined;
    },
  };
}

function createField(first: string, onType: (text: string) => void = () => {}): NumberField {
  const text = signal(first);
  const problem = signal<NumberProblem>();
  return {
    text,
    problem,
    type(typed) {
      text.value = typed;
      problem.value = undefined;
      onType(typed);
    },
  };
}
