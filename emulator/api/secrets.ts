import type { Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import type { World } from '../world.ts';
import { forAccount, unknownId } from './accounts.ts';
import { API_ERRORS, problem } from './problem.ts';
import { allowOnly } from './requests.ts';

const ERRORS = `${API_ERRORS}/account/secret-management`;

/** Largest number per account. */
const MOST = 2;

/** What Vonage asks of a secret. */
const newSecret = z.object({
  secret: z
    .string()
    .regex(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,25}$/, 'Does not meet complexity requirements'),
});

type Secret = Account['apiSecrets'][number];

/** Vonage's Secret Management API, `/accounts/{api_key}/secrets`: how an account changes its API secret. */
export function secretsRouter(
  provisioning: Provisioning,
  world: Pick<World, 'uuid' | 'now'>,
): express.Router {
  const router = express.Router();

  /** For the account of the address, by one of its own secrets. */
  const forOwner = (handle: (account: Account, request: Request, response: Response) => unknown) =>
    forAccount(provisioning, (account, request, response) => {
      const { apiKey } = request.params;
      if (apiKey === account.apiKey) return handle(account, request, response);
      problem(
        response,
        404,
        `${API_ERRORS}#invalid-api-key`,
        'Invalid API Key',
        `API key '${apiKey}' does not exist, or you do not have access`,
      );
    });
  const forSecret = (handle: (secret: Secret, account: Account, response: Response) => unknown) =>
    forOwner((account, request, response) => {
      const secret = account.apiSecrets.find((one) => one.id === request.params.id);
      if (secret) handle(secret, account, response);
      else unknownId(response, request.params.id);
    });

  const create = (account: Account, request: Request, response: Response) => {
    const given = newSecret.safeParse(request.body ?? {});
    if (!given.success) {
      const invalid = [{ name: 'secret', reason: 'Does not meet complexity requirements' }];
      const detail = 'The request failed due to validation errors';
      return problem(response, 400, `${ERRORS}#validation`, 'Bad Request', detail, invalid);
    }
    if (account.apiSecrets.length >= MOST) {
      const detail = `Account reached maximum number [${MOST}] of allowed secrets`;
      return problem(response, 403, `${ERRORS}#add-excess-secret`, 'Secret Addition Forbidden', detail);
    }
    const createdAt = new Date(world.now()).toISOString();
    const secret = { id: world.uuid(), secret: given.data.secret, createdAt };
    provisioning.changeAccount(account, { apiSecrets: [...account.apiSecrets, secret] });
    response.status(201).json(describe(secret, account));
  };

  router
    .route('/:apiKey/secrets')
    .get(
      forOwner((account, _request, response) => {
        response.json({
          _links: { self: { href: `/accounts/${account.apiKey}/secrets` } },
          _embedded: { secrets: account.apiSecrets.map((one) => describe(one, account)) },
        });
      }),
    )
    .post(forOwner(create))
    .all(allowOnly('GET, POST'));
  router
    .route('/:apiKey/secrets/:id')
    .get(forSecret((secret, account, response) => response.json(describe(secret, account))))
    .delete(
      forSecret((secret, account, response) => {
        const apiSecrets = account.apiSecrets.filter((one) => one !== secret);
        if (apiSecrets.length === 0) {
          const detail =
            'Can not delete the last secret. The account must always have at least 1 secret active';
          return problem(response, 403, `${ERRORS}#delete-last-secret`, 'Secret Deletion Forbidden', detail);
        }
        provisioning.changeAccount(account, { apiSecrets });
        response.status(204).end();
      }),
    )
    .all(allowOnly('GET, DELETE'));
  return router;
}

/** The secret itself is never shown again. */
function describe({ id, createdAt }: Secret, { apiKey }: Account) {
  return { id, created_at: createdAt, _links: { self: { href: `/accounts/${apiKey}/secrets/${id}` } } };
}
