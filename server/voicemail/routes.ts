import { basename, dirname } from 'node:path';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { HttpError } from '../http/errors.ts';
import { parsed } from '../http/parsed.ts';
import { actingAgent, actorOf, viewerOf } from '../people/authenticate.ts';
import { calledAgents } from '../routing/routing.ts';
import { isVoicemailId } from './note.ts';
import type { VoicemailScope } from './voicemails.ts';

/** Who listened, where nobody signs in. */
export const heardQuery = z.object({ agent: z.string().optional() });

/**
 * The voicemails: list, listen, note who listened, delete. Supervisors have all of them; agents those of their
 * queues, and of their queues they may delete them, too: whoever called back is done with a message.
 */
export function voicemailRoutes({ config, signIn, roster, desk, voicemails, terminal }: Context): Router {
  function scopeOf(response: Response): VoicemailScope {
    const { agent, roles } = viewerOf(response);
    if (agent === undefined || roles.includes('supervisor')) return 'all';
    // With direct routing, all messages are for the agent who is called.
    if (desk === undefined) return calledAgents(config, roster).includes(agent) ? 'all' : { queues: [] };
    const { own, others, isDefault } = desk.queuesOf(agent);
    return isDefault ? { notOf: others } : { queues: own };
  }

  const nameOf = (response: Response) => viewerOf(response).agent ?? roster.agents()[0] ?? '';

  async function list(_request: Request, response: Response): Promise<void> {
    response.json(await voicemails.list(scopeOf(response)));
  }

  async function play(request: Request, response: Response): Promise<void> {
    const file = await voicemails.file(idOf(request), scopeOf(response));
    if (file === undefined) throw NOT_FOUND;
    const options = {
      root: dirname(file),
      headers: { 'Content-Type': 'audio/wav', 'Cache-Control': 'private' },
    };
    response.sendFile(basename(file), options, (error?: Error) => {
      if (error !== undefined && !response.headersSent) response.status(404).end();
    });
  }

  async function hear(request: Request, response: Response): Promise<void> {
    const { agent: named } = parsed(heardQuery, request.query);
    const by = actingAgent(response, { signIn, roster }, named);
    if (!(await voicemails.hear(idOf(request), scopeOf(response), by))) throw NOT_FOUND;
    response.status(204).end();
  }

  async function remove(request: Request, response: Response): Promise<void> {
    const id = idOf(request);
    if (!(await voicemails.remove(id, scopeOf(response), actorOf(request, response, roster))))
      throw NOT_FOUND;
    terminal.note(`${nameOf(response)} deleted the voicemail ${id}.`);
    response.status(204).end();
  }

  const router = Router();
  router.get('/api/voicemails', list);
  router.get('/api/voicemails/:id/audio', play);
  router.put('/api/voicemails/:id/heard', hear);
  router.delete('/api/voicemails/:id', remove);
  return router;
}

function idOf(request: Request): string {
  const { id } = request.params;
  if (typeof id !== 'string' || !isVoicemailId(id)) throw NOT_FOUND;
  return id;
}

const NOT_FOUND = new HttpError(404, 'not-found', 'There is no such message.');
