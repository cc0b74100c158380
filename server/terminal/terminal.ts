import { jsonLines } from './json-lines.ts';
import { maskNumbers } from './masked-numbers.ts';
import { createOutput, type Sink } from './output.ts';
import { prettyText } from './pretty-text.ts';
import type { Reply, SentEffect, Webhook } from './wording.ts';

/** The printed log. Printing never fails and never blocks. */
export interface Terminal {
  /** A webhook arrived. */
  received(webhook: Webhook): void;
  /** It was answered. */
  replied(webhook: Webhook, reply: Reply): void;
  /** What the desk did, on one line, and the id of the webhook that caused it. */
  desk(line: string, requestId: string | null): void;
  /** The desk had the platform do something, or tried to. */
  effect(sent: SentEffect): void;
  note(text: string): void;
  warning(text: string): void;
  /** Writes the output of this turn of the event loop at once. */
  flush(): void;
}

interface TerminalOptions {
  sink: Sink;
  format: 'pretty' | 'json';
  colours: boolean;
  /** Whether phone numbers are printed in full. */
  numbers: 'full' | 'masked';
  /** Milliseconds since 1970, for the time in JSON lines. */
  now: () => number;
}

export function createTerminal({ sink, format, colours, numbers, now }: TerminalOptions): Terminal {
  const wording = format === 'json' ? jsonLines(now) : prettyText(colours);
  const output = createOutput(sink, (count) =>
    wording.warning(`${count} log entries are missing here: the output was not read fast enough.`),
  );
  const shown: <T>(value: T) => T = numbers === 'masked' ? maskNumbers : (value) => value;
  return {
    received(webhook) {
      output.print(
        webhook.type === 'event'
          ? wording.event(shown(webhook.event))
          : wording.nccoRequest(shown(webhook.request), webhook.type),
      );
    },
    replied: (webhook, reply) => output.print(wording.replied(shown(webhook), reply)),
    desk: (line, requestId) => output.print(wording.desk(shown(line), requestId)),
    effect: (sent) => output.print(wording.effect(shown(sent))),
    note: (text) => output.print(wording.note(text)),
    warning: (text) => output.print(wording.warning(shown(text))),
    flush: output.flush,
  };
}
