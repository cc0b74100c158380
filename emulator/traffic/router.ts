import express from 'express';
import type { z } from 'zod';
import type { Entry, RequestList } from './entry.ts';
import { summaryOf } from './entry.ts';
import type { TrafficFeed } from './feed.ts';
import { filterSchema, matcherOf, pageSchema } from './filter.ts';
import { harOf } from './har.ts';
import type { TrafficLog } from './log.ts';

interface TrafficRouterParts {
  log: TrafficLog;
  feed: TrafficFeed;
  /** Sends a webhook again; undefined when it cannot be repeated. */
  resend: (id: number) => Promise<Entry | undefined>;
}

/** What the inspector and programs read of the log, `/emulator/requests`. The caller keeps strangers out. */
export function trafficRouter({ log, feed, resend }: TrafficRouterParts): express.Router {
  const router = express.Router();

  router.get('/requests', (request, response) => {
    const asked = parse(pageSchema, request.query, response);
    if (!asked) return;
    const found = [...log.entries()].filter(matcherOf(asked));
    const older = asked.before === undefined ? found : found.filter(({ id }) => id < (asked.before ?? 0));
    const requests = older.slice(0, asked.limit).map(summaryOf);
    const next = older.length > requests.length ? (requests.at(-1)?.id ?? null) : null;
    const list: RequestList = {
      epoch: log.epoch,
      revision: log.revision,
      total: found.length,
      requests,
      next,
    };
    response.set('cache-control', 'no-store').json(list);
  });

  router.delete('/requests', (_request, response) => {
    log.clear();
    response.status(204).end();
  });

  router.get('/requests/feed', (request, response) => feed.open(request, response));

  router.get('/requests.har', (request, response) => {
    const filter = parse(filterSchema, request.query, response);
    if (!filter) return;
    const har = harOf([...log.entries()].filter(matcherOf(filter)));
    response.set('cache-control', 'no-store').attachment('vonage-emulator.har').json(har);
  });

  router.get('/requests/:id', (request, response) => {
    const entry = log.get(Number(request.params.id));
    if (entry) response.set('cache-control', 'no-store').json(entry);
    else notFound(response);
  });

  router.post('/requests/:id/resend', async (request, response) => {
    const id = Number(request.params.id);
    if (!log.get(id)) return notFound(response);
    const repeated = await resend(id);
    if (repeated) response.json(repeated);
    else
      response
        .status(409)
        .json({ error: 'Only webhooks of an application that is still here can be sent again.' });
  });

  return router;
}

function notFound(response: express.Response): void {
  response.status(404).json({ error: 'No such request. Only the newest are kept.' });
}

/** Answers 400 itself. */
function parse<T>(schema: z.ZodType<T>, query: unknown, response: express.Response): T | undefined {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  response
    .status(400)
    .json({ error: `${issue?.path.join('.') || 'query'}: ${issue?.message ?? 'is wrong'}` });
  return undefined;
}
