import { escapeDeceptive } from './printable.ts';
import type { Wording } from './terminal.ts';

/** One JSON object a line, for programs that collect logs. `time` is ISO 8601 in UTC. */
export function jsonLines(now: () => number): Wording {
  const line = (type: string, fields: object): string => {
    const time = new Date(now()).toISOString();
    return `${escapeDeceptive(JSON.stringify({ time, type, ...fields }))}\n`;
  };
  return {
    nccoRequest: (request, kind) =>
      line(kind === 'answer' ? 'ncco-request' : 'ncco-fallback-request', {
        caller: request.from ?? request.fromUser ?? null,
        callee: request.to ?? null,
        uuid: request.uuid ?? null,
        conversation_uuid: request.conversationUuid ?? null,
        ...(kind === 'fallback' && { reason: request.reason ?? null }),
      }),
    event: (event) => line('event', { event }),
    note: (text) => line('note', { text }),
    warning: (text) => line('warning', { text }),
  };
}
