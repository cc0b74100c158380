import type { Request, RequestHandler, Response } from 'express';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import { accountOf } from './auth.ts';
import { API_ERRORS, problem } from './problem.ts';
import { readJson } from './read-json.ts';

/**
 * A handler for those who bring API key and secret by Basic; others get 401, before anything of theirs is read.
 * A JSON body is there as `request.body`; what is no JSON gets 400.
 */
export function forAccount(
  accounts: Pick<Provisioning, 'authenticate'>,
  handle: (account: Account, request: Request, response: Response) => unknown,
): RequestHandler {
  return async (request, response) => {
    const account = accountOf(request, accounts);
    if (!account) {
      const detail = 'You did not provide correct credentials: an API key and its secret are needed.';
      return problem(response, 401, `${API_ERRORS}#unauthorized`, 'Unauthorized', detail);
    }
    if (await readJson(request, response)) await handle(account, request, response);
  };
}

/** Answers that there is no such thing, or that it belongs to somebody else. */
export function unknownId(response: Response, id: unknown): void {
  const detail = `ID '${id}' does not exist, or you do not have access`;
  problem(response, 404, `${API_ERRORS}#invalid-id`, 'Invalid ID', detail);
}
