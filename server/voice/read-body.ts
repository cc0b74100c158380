import type { IncomingMessage, ServerResponse } from 'node:http';
import express from 'express';

/** Largest body of a webhook in bytes, unpacked; real ones have about one thousand. */
const LARGEST_BODY = 100 * 1024;

const readUnusual = express.raw({ limit: LARGEST_BODY, type: () => true });

/**
 * Reads the body as it was sent, because the signature covers that. What is packed, too large or of unknown
 * length is left to the parser of Express, which costs as much as all the rest of a webhook.
 * @param onFault hears what that parser throws.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  onBody: (body: Buffer) => void,
  onFault: (error: unknown) => void,
): void {
  const length = Number(request.headers['content-length']);
  if (request.headers['content-encoding'] === undefined && length <= LARGEST_BODY) {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [only] = pieces;
      // As nearly all come; to put one piece together would copy it.
      onBody(only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces));
    });
    return;
  }
  readUnusual(request, response, (error?: unknown) => {
    if (error !== undefined) return onFault(error);
    const body: unknown = Reflect.get(request, 'body');
    onBody(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  });
}
