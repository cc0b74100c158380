import { inspect, styleText } from 'node:util';
import { escapeDeceptive, printable } from './printable.ts';
import type { Wording } from './wording.ts';

/** Plain text for people: the log that Vonage's phone-to-app tutorial shows. */
export function prettyText(colours: boolean): Wording {
  const title = colours ? (text: string) => styleText('bold', text, { validateStream: false }) : plain;
  const quiet = colours ? (text: string) => styleText('dim', text, { validateStream: false }) : plain;
  const alarm = colours ? (text: string) => styleText('yellow', text, { validateStream: false }) : plain;
  const rule = `${quiet('---')}\n`;
  // Nothing of a payload may be cut: it is the only place where the developer sees it.
  const whole = {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: Number.POSITIVE_INFINITY,
    maxStringLength: Number.POSITIVE_INFINITY,
    colors: colours,
  };
  // What inspect itself writes between its literals.
  const ownMarks = colours ? '\n\u001b' : '\n';

  return {
    nccoRequest(request, kind) {
      const heading = kind === 'answer' ? 'NCCO request:' : 'NCCO fallback request:';
      const reason = kind === 'fallback' ? `  - reason: ${printable(request.reason ?? 'not given')}\n` : '';
      const caller = printable(request.from ?? request.fromUser ?? 'unknown');
      const callee = printable(request.to ?? 'unknown');
      return `${title(heading)}\n  - caller: ${caller}\n  - callee: ${callee}\n${reason}${rule}`;
    },
    event: (event) => `${title('EVENT:')}\n${escapeDeceptive(inspect(event, whole), ownMarks)}\n${rule}`,
    // The tutorial's log shows requests from Vonage, not replies to it.
    replied: () => '',
    // The console shows them.
    effect: () => '',
    desk: (line) => `${quiet(printable(line))}\n`,
    note: (text) => `${escapeDeceptive(text, '\n')}\n`,
    // A stack has lines; none may begin where a line of ours begins.
    warning: (text) => `${alarm(`Warning: ${escapeDeceptive(text.replaceAll('\n', '\n    '), '\n')}`)}\n`,
  };
}

function plain(text: string): string {
  return text;
}
