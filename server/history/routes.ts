import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { type CallbackView, HISTORY_OUTCOMES, type HistoryPage } from '../../domain/api/history-api.ts';
import { storable } from '../../domain/contacts/contact.ts';
import type { Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';
import { hasBody, jsonBody, readJson } from '../http/json-body.ts';
import { parsed } from '../http/parsed.ts';
import { actingAgent, isSupervisor, senderOf, viewerOf } from '../people/authenticate.ts';
import { positionIn } from './history.ts';

const text = z.string('must be given once').max(200, 'is longer than 200 characters').transform(storable);

const time = text
  .refine(
    (given) => /^\d{1,15}$/.test(given) || !Number.isNaN(Date.parse(given)),
    'must be an ISO time, or milliseconds since 1970',
  )
  .transform((given) => (/^\d{1,15}$/.test(given) ? Number(given) : Date.parse(given)))
  .meta({ description: 'An ISO time, or milliseconds since 1970.' });

export const historyQuery = z.object({
  agent: text.default('me').meta({ description: 'me (the default), a name, or all for the team.' }),
  outcome: z.enum(HISTORY_OUTCOMES, `must be one of ${HISTORY_OUTCOMES.join(', ')}`).optional(),
  direction: z.enum(['inbound', 'outbound'], 'must be inbound or outbound').optional(),
  from: time.optional(),
  to: time.optional(),
  search: text.optional(),
  after: z
    .string('must be given once')
    .max(1_000)
    .refine((given) => positionIn(given) !== undefined, 'must be the `next` of an earlier page')
    .optional(),
});

export const seenRequest = z.object({
  agent: z.string().max(64).optional(),
  until: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
});

export const callbackQuery = z.object({ agent: text.optional() });

/** The history of calls, and callbacks. */
export function historyRoutes(context: Context): Router {
  const { clock, contacts, desk, history } = context;

  async function list(request: Request, response: Response): Promise<void> {
    const { agent: named, ...filter } = parsed(historyQuery, request.query);
    const agent = named === 'all' ? null : named === 'me' ? actingAgent(response, context, undefined) : named;
    if (!isSupervisor(response) && agent !== viewerOf(response).agent) {
      throw new HttpError(403, 'role-missing', 'Only supervisors see the calls of others.');
    }
    const page = await history.list({ ...filter, agent });
    const missed = agent === null ? 0 : await history.missed(agent);
    response.json({ ...page, missed } satisfies HistoryPage);
  }

  async function markSeen(request: Request, response: Response): Promise<void> {
    const body = parsed(seenRequest, hasBody(request) ? jsonBody(request) : {});
    const agent = actingAgent(response, context, body.agent);
    // A time to come would hide what is missed until then.
    await history.seen(agent, Math.min(body.until ?? Infinity, Math.floor(clock.now())));
    response.json({ missed: await history.missed(agent) });
  }

  /** The callbacks that someone may see. @param agent only those of her queues; undefined: all */
  async function visibleCallbacks(agent: string | undefined): Promise<readonly CallbackView[]> {
    if (desk === undefined) return [];
    const queues = agent === undefined ? undefined : desk.queuesOf(agent);
    const isVisible = (queue: string) =>
      queues === undefined ||
      (queues.isDefault ? !queues.others.includes(queue) : queues.own.includes(queue));
    const callbacks = (await desk.callbacks()).filter(({ queue }) => isVisible(queue));
    return Promise.all(
      callbacks.map(async (callback) => {
        const contact = callback.number === null ? undefined : await contacts.find(callback.number);
        const isNamed = contact !== undefined && (contact.name !== null || contact.company !== null);
        return { ...callback, contact: isNamed ? { name: contact.name, company: contact.company } : null };
      }),
    );
  }

  async function listCallbacks(request: Request, response: Response): Promise<void> {
    const { agent: named } = parsed(callbackQuery, request.query);
    const { agent } = viewerOf(response);
    if (!isSupervisor(response) && named !== undefined && named !== agent) {
      throw new HttpError(403, 'role-missing', 'Only supervisors see the callbacks of others.');
    }
    response.json(await visibleCallbacks(isSupervisor(response) ? named : agent));
  }

  async function cancelCallback(request: Request, response: Response): Promise<void> {
    const { agent: named } = parsed(callbackQuery, request.query);
    const by = actingAgent(response, context, named);
    const id = String(request.params.id);
    const find = async () => {
      const visible = await visibleCallbacks(isSupervisor(response) ? undefined : by);
      return visible.find((callback) => callback.id === id);
    };
    if ((await find()) === undefined) throw new HttpError(404, 'not-found', 'There is no such callback.');
    const noted = { who: by, what: 'callback canceled', of: id, from: senderOf(request) } as const;
    await desk?.tellNoted(noted, { kind: 'callback canceled', call: id, by });
    if ((await find()) !== undefined) {
      throw new HttpError(409, 'bad-request', 'It is too late: the customer is being called.');
    }
    response.status(204).end();
  }

  const router = Router();
  router.get('/api/history', list);
  router.post('/api/history/seen', readJson(10 * 1024), markSeen);
  router.get('/api/callbacks', listCallbacks);
  router.delete('/api/callbacks/:id', cancelCallback);
  return router;
}
