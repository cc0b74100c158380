import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { problem } from '../api/problem.ts';
import { type Faults, readFaults } from './faults.ts';

/**
 * `/emulator/faults`: GET lists what goes wrong on purpose and how often each has struck, PUT replaces the list,
 * DELETE empties it. Put behind the controls' own check of who asks.
 */
export function faultsRouter(faults: Faults): express.Router {
  const router = express.Router();
  const show = (_request: Request, response: Response) => {
    const struck = faults.struck();
    response.json(faults.list().map((fault, index) => ({ ...fault, struck: struck[index] ?? 0 })));
  };
  router.use(express.json({ limit: '64kb' }));
  router.get('/', show);
  router.put('/', (request, response) => {
    if (!request.is('application/json')) {
      return void response.status(415).json({ error: 'Send application/json.' });
    }
    const read = readFaults(request.body);
    if (!read.ok) return void response.status(400).json({ error: read.reason });
    faults.set(read.faults);
    show(request, response);
  });
  router.delete('/', (_request, response) => {
    faults.set([]);
    response.status(204).end();
  });
  return router;
}

/** Vonage's own REST addresses; not the Client SDK's, nor the emulator's. */
const REST = /^\/(v1|v2\/applications|account|number)\b/;

/** Answers REST requests 5xx or 429 when a fault strikes; put before the routers. */
export function faultyRest(faults: Faults): RequestHandler {
  return (request, response, next) => {
    if (!REST.test(request.path)) return next();
    const isMeant = ({ path = '/' }: { path?: string | undefined }) => request.path.startsWith(path);
    const detail = 'This answer is wrong on purpose: a fault of the emulator.';
    const error = faults.strike('rest-error', isMeant);
    if (error) {
      return problem(response, error.status, 'system:error:internal', 'Internal error', detail);
    }
    if (faults.strike('rate-limit', isMeant)) {
      response.set('retry-after', '1');
      return problem(response, 429, 'http:error:too-many-request', 'Too Many Requests', detail);
    }
    next();
  };
}
