import { createPublicKey } from 'node:crypto';
import type { Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { ApplicationContent, ApplicationRecord } from '../provisioning/applications.ts';
import { capabilities, withDefaults } from '../provisioning/capabilities.ts';
import type { Account, Provisioning } from '../provisioning/provisioning.ts';
import { makeKeys } from '../provisioning/secrets.ts';
import { forAccount, unknownId } from './accounts.ts';
import { API_ERRORS, invalidParameters, problem } from './problem.ts';
import { allowOnly } from './requests.ts';

const publicKey = z.string().refine(isRsaKey, 'must be an RSA public key in PEM');

const applicationBody = z.looseObject({
  name: z.string('must be a text').trim().min(1, 'must not be empty').max(200, 'must be shorter'),
  keys: z.looseObject({ public_key: publicKey.nullish() }).optional(),
  capabilities: capabilities.optional(),
  privacy: z.looseObject({ improve_ai: z.boolean().default(false) }).optional(),
});

type ApplicationBody = z.infer<typeof applicationBody>;

const page = z.object({
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(10),
});

/** Vonage's Application API, version 2, `/v2/applications`. */
export function applicationsRouter(provisioning: Provisioning): express.Router {
  const { applications } = provisioning;
  const router = express.Router();

  const list = (account: Account, request: Request, response: Response) => {
    const wanted = parse(page, request.query, response);
    if (!wanted) return;
    const { page: number, page_size: size } = wanted;
    const all = applications.of(account.apiKey);
    const pages = Math.max(1, Math.ceil(all.length / size));
    const link = (to: number) => ({ href: `/v2/applications?page_size=${size}&page=${to}` });
    response.json({
      page_size: size,
      page: number,
      total_items: all.length,
      total_pages: pages,
      _embedded: { applications: all.slice((number - 1) * size, number * size).map((one) => describe(one)) },
      _links: {
        self: link(number),
        first: link(1),
        last: link(pages),
        ...(number > 1 && { prev: link(number - 1) }),
        ...(number < pages && { next: link(number + 1) }),
      },
    });
  };

  const create = async (account: Account, request: Request, response: Response) => {
    const body = parse(applicationBody, request.body ?? {}, response);
    if (!body) return;
    const keys = await keysFor(body);
    const application = applications.add(account.apiKey, contentOf(body, keys.publicKey));
    response.status(201).json(describe(application, keys.privateKey));
  };

  /** The application in the path, for its owner only. */
  const forOwner = (
    handle: (application: ApplicationRecord, request: Request, response: Response) => unknown,
  ) =>
    forAccount(provisioning, (account, request, response) => {
      const application = applications.get(String(request.params.id));
      if (application?.apiKey === account.apiKey) return handle(application, request, response);
      unknownId(response, request.params.id);
    });

  const update = async (application: ApplicationRecord, request: Request, response: Response) => {
    const body = parse(applicationBody, request.body ?? {}, response);
    if (!body) return;
    // Without "keys" they stay; "keys" without a public key requests new ones.
    const keys: Keys = body.keys ? await keysFor(body) : application;
    const isKept = keys.publicKey === application.publicKey;
    // The platform goes on handing out a private key where it did.
    const handedOut = isKept ? application.privateKey : application.privateKey && keys.privateKey;
    const content = contentOf(body, keys.publicKey);
    applications.replace(application.id, { ...content, privateKey: handedOut });
    response.json(describe(application, isKept ? undefined : keys.privateKey));
  };

  router
    .route('/')
    .get(forAccount(provisioning, list))
    .post(forAccount(provisioning, create))
    .all(allowOnly('GET, POST'));
  router
    .route('/:id')
    .get(forOwner((application, _request, response) => response.json(describe(application))))
    .put(forOwner(update))
    .delete(
      forOwner((application, _request, response) => {
        provisioning.removeApplication(application.id);
        response.status(204).end();
      }),
    )
    .all(allowOnly('GET, PUT, DELETE'));
  return router;
}

interface Keys {
  publicKey: string;
  privateKey?: string | undefined;
}

/** The public key that was sent, else a new pair. */
async function keysFor({ keys }: ApplicationBody): Promise<Keys> {
  return keys?.public_key ? { publicKey: keys.public_key } : await makeKeys();
}

function contentOf(body: ApplicationBody, publicKey: string): ApplicationContent {
  return {
    name: body.name,
    publicKey,
    capabilities: body.capabilities ?? {},
    privacy: body.privacy ?? { improve_ai: false },
  };
}

/** Answers 400 itself. */
function parse<T>(schema: z.ZodType<T>, value: unknown, response: Response): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const detail = 'The request failed due to validation errors';
  const type = `${API_ERRORS}/application#payload-validation`;
  problem(response, 400, type, 'Bad Request', detail, invalidParameters(parsed.error));
  return undefined;
}

/** @param privateKey shown this once, to whom it was made for. */
function describe(application: ApplicationRecord, privateKey?: string) {
  const { id, name, publicKey, capabilities, privacy } = application;
  return {
    id,
    name,
    keys: { public_key: publicKey, ...(privateKey !== undefined && { private_key: privateKey }) },
    capabilities: withDefaults(capabilities),
    privacy,
    _links: { self: { href: `/v2/applications/${id}` } },
  };
}

function isRsaKey(pem: string): boolean {
  try {
    return pem.includes('PUBLIC KEY') && createPublicKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
