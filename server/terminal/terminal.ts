import type { AnswerRequest } from '../../domain/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhook-event.ts';
import { jsonLines } from './json-lines.ts';
import { maskNumbers } from './masked-numbers.ts';
import { createOutput, type Sink } from './output.ts';
import { prettyText } from './pretty-text.ts';

/** What came to one of the addresses that Vonage calls. */
export type Webhook =
  | { type: 'event'; event: WebhookEvent }
  /** `fallback` where the answer URL was asked first, and failed. */
  | { type: 'answer' | 'fallback'; request: AnswerRequest };

/** How a webhook was answered. `took` is in milliseconds. */
export interface Reply {
  requestId: string;
  status: number;
  took: number;
}

/** What a format makes of each thing that is worth printing: whole lines with their ends, or nothing. */
export interface Wording {
  nccoRequest(request: AnswerRequest, kind: 'answer' | 'fallback'): string;
  event(event: WebhookEvent): string;
  replied(webhook: Webhook, reply: Reply): string;
  /** Something to know, in words; may have several lines, which are ours. */
  note(text: string): string;
  /** Something is wrong and somebody should act, in words. */
  warning(text: string): string;
}

/** The log as the developer sees it. Printing never fails and never waits. */
export interface Terminal {
  /** A webhook came. */
  received(webhook: Webhook): void;
  /** It was answered. */
  replied(webhook: Webhook, reply: Reply): void;
  note(text: string): void;
  warning(text: string): void;
  /** Writes at once what was printed in this turn of the event loop. */
  flush(): void;
}

export interface TerminalOptions {
  sink: Sink;
  format: 'pretty' | 'json';
  colours: boolean;
  /** Whether phone numbers are printed whole. */
  numbers: 'full' | 'masked';
  /** Milliseconds since 1970, for the time in JSON lines. */
  now: () => number;
}

export function createTerminal({ sink, format, colours, numbers, now }: TerminalOptions): Terminal {
  const output = createOutput(sink);
  const wording = format === 'json' ? jsonLines(now) : prettyText(colours);
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
    note: (text) => output.print(wording.note(text)),
    warning: (text) => output.print(wording.warning(shown(text))),
    flush: output.flush,
  };
}
