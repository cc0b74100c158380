import { basename, dirname } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { HttpError, onlyMethods } from '../http/errors.ts';
import { agentWhoAsks, authenticate, requireSameOrigin } from '../people/authenticate.ts';
import { isVoicemailId } from './note.ts';

/** The voicemails: list, listen, note who listened, delete. */
export function voicemailRoutes({ config, signIn, voicemails }: Context): Router {
  const signedIn = authenticate(signIn, config.agents);

  async function list(_request: Request, response: Response): Promise<void> {
    response.json(await voicemails.list());
  }

  async function play(request: Request, response: Response): Promise<void> {
    const file = await voicemails.file(idOf(request));
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
    const agent = (await agentWhoAsks(request, signIn, config.agents)) ?? '';
    if (!(await voicemails.hear(idOf(request), agent))) throw NOT_FOUND;
    response.status(204).end();
  }

  async function remove(request: Request, response: Response): Promise<void> {
    if (!(await voicemails.remove(idOf(request)))) throw NOT_FOUND;
    response.status(204).end();
  }

  const router = Router();
  router.route('/api/voicemails').get(signedIn, list).all(onlyMethods('GET', 'HEAD'));
  router.route('/api/voicemails/:id/audio').get(signedIn, play).all(onlyMethods('GET', 'HEAD'));
  router.route('/api/voicemails/:id/heard').put(requireSameOrigin, signedIn, hear).all(onlyMethods('PUT'));
  router.route('/api/voicemails/:id').delete(requireSameOrigin, signedIn, remove).all(onlyMethods('DELETE'));
  return router;
}

function idOf(request: Request): string {
  const { id } = request.params;
  if (typeof id !== 'string' || !isVoicemailId(id)) throw NOT_FOUND;
  return id;
}

const NOT_FOUND = new HttpError(404, 'not-found', 'There is no such message.');
