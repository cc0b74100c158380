import type { Request, RequestHandler, Response } from 'express';
import express from 'express';
import { problem } from '../api/problem.ts';
import { refuseDeep } from '../nesting.ts';
import { type Faults, isRest, readFaults } from './faults.ts';

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
  router.use(express.json({ limit: '64kb', verify: refuseDeep }));
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

const DETAIL = 'This answer is wrong on purpose: a fault of the emulator.';

interface RestFilter {
  path?: string | undefined;
  method?: string | undefined;
  action?: string | undefined;
}

/** Answers REST requests 5xx or 429, or loses their answers, when a fault strikes; put before the routers. */
export function faultyRest(faults: Faults, now: () => number): RequestHandler {
  const began = now();
  return (request, response, next) => {
    if (!isRest(request.path)) return next();
    const path = request.path;
    const isMeant = (fault: RestFilter) =>
      path.startsWith(fault.path ?? '/') && (fault.method ?? request.method) === request.method;
    const what = `${request.method} ${path.split('/', 3).join('/')} ${now() - began}`;
    const error = faults.strike('rest-error', isMeant, what);
    if (error) {
      return problem(response, error.status, 'system:error:internal', 'Internal error', DETAIL);
    }
    if (faults.strike('rate-limit', isMeant, what)) {
      response.set('retry-after', '1');
      return problem(response, 429, 'http:error:too-many-request', 'Too Many Requests', DETAIL);
    }
    loseAnswer(response, () =>
      faults.strike(
        'rest-lost',
        (fault) => isMeant(fault) && (fault.action === undefined || fault.action === actionOf(request.body)),
        what,
      ),
    );
    next();
  };
}

/**
 * Lets the answer to a request that was carried out be lost if a fault strikes.
 * @param strike asked once the answer is ready
 */
function loseAnswer(response: Response, strike: () => { status?: number | undefined } | undefined): void {
  const end = response.end;
  response.end = (...args: unknown[]) => {
    response.end = end;
    const fault = response.statusCode < 400 ? strike() : undefined;
    if (!fault) return Reflect.apply(end, response, args);
    if (fault.status === undefined) {
      response.locals.isLost = true;
      return response.destroy();
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    problem(response, fault.status, 'system:error:internal', 'Internal error', DETAIL);
    return response;
  };
}

function actionOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'action' in body ? body.action : undefined;
}
