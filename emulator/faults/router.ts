import type { Request, Response } from 'express';
import express from 'express';
import { readFaults } from './fault.ts';
import type { Faults } from './faults.ts';

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
