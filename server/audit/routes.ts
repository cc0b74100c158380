import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AUDITED, type AuditPage } from '../../domain/api/audit-api.ts';
import type { Context } from '../context.ts';
import { parsed } from '../http/parsed.ts';
import { actorOf } from '../people/authenticate.ts';

/** Most entries of a page. */
const MOST_ENTRIES = 500;

const whole = z.coerce.number('must be a whole number').int();

/** The query of `GET /api/audit`. */
export const auditQuery = z.object({
  before: whole.min(1).optional(),
  what: z.enum(AUDITED, 'is nothing that is recorded').optional(),
  limit: whole.min(1).max(MOST_ENTRIES).default(100),
});

/** Shows and exports the audit trail. No route changes it. */
export function auditRoutes({ audit, roster }: Context): Router {
  async function list(request: Request, response: Response): Promise<void> {
    response.json((await audit.list(parsed(auditQuery, request.query))) satisfies AuditPage);
  }

  async function exportFile(request: Request, response: Response): Promise<void> {
    await audit.note({ ...actorOf(request, response, roster), what: 'audit exported' });
    response.setHeader('Content-Type', 'text/csv; charset=utf-8');
    response.setHeader('Content-Disposition', 'attachment; filename="audit.csv"');
    try {
      await pipeline(Readable.from(audit.exported()), response);
    } catch (error) {
      // Whoever goes away in the middle needs no answer.
      if (!response.destroyed) throw error;
    }
  }

  const router = Router();
  router.get('/api/audit', list);
  router.get('/api/audit/export', exportFile);
  return router;
}
