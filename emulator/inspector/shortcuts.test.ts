// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForShortcuts } from './shortcuts.ts';

let done: string[];
let areLettersAllowed: boolean;
let stop: () => void;

beforeEach(() => {
  done = [];
  areLettersAllowed = true;
  const note = (what: string) => () => void done.push(what);
  stop = listenForShortcuts(
    document,
    {
      move: (rows) => done.push(`move ${rows}`),
      search: note('search'),
      leave: note('leave'),
      resend: note('resend'),
      copyCurl: note('curl'),
      togglePause: note('pause'),
      help: note('help'),
    },
    () => areLettersAllowed,
  );
});
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

function press(key: string, target: EventTarget = document.body, modifiers: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers });
  target.dispatchEvent(event);
  return event;
}
const add = (name: 'input' | 'textarea' | 'select' | 'button' | 'dialog') =>
  document.body.appendChild(document.createElement(name));

describe('a key', () => {
  it('does what it stands for, wherever the focus is', () => {
    for (const key of ['j', 'k', '/', 'r', 'c', 'p', '?', 'Escape']) press(key, add('button'));
    expect(done).toEqual(['move 1', 'move -1', 'search', 'resend', 'curl', 'pause', 'help', 'leave']);
    expect(press('/').defaultPrevented).toBe(true);
    expect(press('x').defaultPrevented).toBe(false);
  });

  it('is left to a field that it is typed into', () => {
    for (const field of [add('input'), add('textarea')]) {
      press('j', field);
      press('Escape', field);
    }
    press('j', add('select'));
    expect(done).toEqual([]);
    press('Escape', add('select'));
    expect(done).toEqual(['leave']);
  });

  it('is left to the browser with Ctrl, Alt or Meta', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) press('c', document.body, { [modifier]: true });
    expect(done).toEqual([]);
  });

  it('does nothing behind a dialog', () => {
    add('dialog').setAttribute('open', '');
    press('j');
    press('Escape');
    expect(done).toEqual([]);
  });

  it('that is a letter can be turned off; Escape stays', () => {
    areLettersAllowed = false;
    for (const key of ['j', '/', '?', 'r']) press(key);
    expect(done).toEqual([]);
    press('Escape');
    expect(done).toEqual(['leave']);
  });

  it('does nothing any more once nobody listens', () => {
    stop();
    press('j');
    expect(done).toEqual([]);
  });
});
