import type { RequestHandler } from 'express';
import { problem } from '../api/problem.ts';
import type { Faults } from './faults.ts';

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
