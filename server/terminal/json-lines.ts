import pino from 'pino';
import { escapeDeceptive } from './printable.ts';
import type { Wording } from './wording.ts';

/** One JSON object a line, for programs that collect logs. `time` is ISO 8601 in UTC, `took` milliseconds. */
export function jsonLines(now: () => number): Wording {
  let written = '';
  const logger = pino(
    {
      base: null,
      messageKey: 'text',
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    {
      write(line: string) {
        written = line;
      },
    },
  );
  /** Collects pino's lines; the output batches the writes itself. */
  const line = (log: () => void): string => {
    log();
    const text = written;
    written = '';
    return `${escapeDeceptive(text.trimEnd())}\n`;
  };

  return {
    // Written with the reply, because a line contains both.
    nccoRequest: () => '',
    event: () => '',
    replied(webhook, { requestId, status, took }) {
      const reply = { requestId, status, took };
      if (webhook.type === 'event') {
        return line(() => logger.info({ type: 'event', ...reply, event: webhook.event }));
      }
      const { request } = webhook;
      return line(() =>
        logger.info({
          type: webhook.type === 'answer' ? 'ncco-request' : 'ncco-fallback-request',
          ...reply,
          caller: request.from ?? request.fromUser ?? null,
          callee: request.to ?? null,
          uuid: request.uuid ?? null,
          conversation_uuid: request.conversationUuid ?? null,
          ...(webhook.type === 'fallback' && { reason: request.reason ?? null }),
        }),
      );
    },
    desk: (text, requestId) => line(() => logger.info({ type: 'desk', requestId }, text)),
    effect: ({ requestId, kind, result, attempt, requests }) =>
      line(() => logger.info({ type: 'effect', requestId, kind, result, attempt, requests })),
    note: (text) => line(() => logger.info({ type: 'note' }, text)),
    warning: (text) => line(() => logger.warn({ type: 'warning' }, text)),
  };
}
