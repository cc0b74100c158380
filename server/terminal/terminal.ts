import type { AnswerRequest } from '../../domain/answer-request.ts';
import type { WebhookEvent } from '../../domain/webhook-event.ts';
import { jsonLines } from './json-lines.ts';
import { createOutput, type Sink } from './output.ts';
import { prettyText } from './pretty-text.ts';

/** What a format makes of each thing that is worth printing: whole lines, with their ends. */
export interface Wording {
  /** An answer URL was asked; `fallback` where it was the second one, because the first failed. */
  nccoRequest(request: AnswerRequest, kind: 'answer' | 'fallback'): string;
  event(event: WebhookEvent): string;
  /** Something to know, in words; may have several lines, which are ours. */
  note(text: string): string;
  /** Something is wrong and somebody should act, in words. */
  warning(text: string): string;
}

/** The log as the developer sees it. Printing never fails and never waits. */
export interface Terminal {
  nccoRequest(request: AnswerRequest, kind: 'answer' | 'fallback'): void;
  event(event: WebhookEvent): void;
  note(text: string): void;
  warning(text: string): void;
  /** Writes at once what was printed in this turn of the event loop. */
  flush(): void;
}

export interface TerminalOptions {
  sink: Sink;
  format: 'pretty' | 'json';
  colours: boolean;
  /** Milliseconds since 1970, for the time in JSON lines. */
  now: () => number;
}

export function createTerminal({ sink, format, colours, now }: TerminalOptions): Terminal {
  const output = createOutput(sink);
  const wording = format === 'json' ? jsonLines(now) : prettyText(colours);
  return {
    nccoRequest: (request, kind) => output.print(wording.nccoRequest(request, kind)),
    event: (event) => output.print(wording.event(event)),
    note: (text) => output.print(wording.note(text)),
    warning: (text) => output.print(wording.warning(text)),
    flush: output.flush,
  };
}
