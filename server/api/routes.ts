import { Router } from 'express';
import { openApi } from './openapi.ts';

/** The API's description of itself. */
export function apiRoutes(): Router {
  let text: string | undefined;
  const router = Router();
  router.get('/api/openapi.json', (_request, response) => {
    text ??= JSON.stringify(openApi());
    response.type('application/json').send(text);
  });
  return router;
}
