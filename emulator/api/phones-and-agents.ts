import express from 'express';
import { z } from 'zod';
import type { PhoneBook } from '../calls/phone-book.ts';
import { type AgentBehaviour, agentBehaviour } from '../headless/agents.ts';
import { createHeadlessPhone, type HeadlessPhone, phoneRule } from '../headless/phone.ts';
import type { World } from '../world.ts';

const newAgent = z.strictObject({
  user: z.string().min(1).max(200),
  /** One for all calls, or a list: the first for the first call, and so on, the last for all that follow. */
  rule: agentBehaviour.default({ does: 'answer', after: 0 }),
});

/**
 * Users without a page, `/emulator/agents`: `POST {user, rule}` lets calls to a user of the first application be
 * treated by a rule, or a list of rules, and makes the user if need be; `GET` lists them, `DELETE /{user}` lets real
 * pages ring again.
 * @param treat sets the rule of a user, or takes it away
 */
export function agentsRouter(treat: (user: string, rule?: AgentBehaviour) => void): express.Router {
  const router = express.Router();
  const rules = new Map<string, AgentBehaviour>();
  const describe = (user: string) => ({ user, rule: rules.get(user) });

  router.get('/', (_request, response) => {
    response.json([...rules.keys()].map(describe));
  });

  router.post('/', (request, response) => {
    if (!request.is('application/json'))
      return void response.status(415).json({ error: 'Send application/json.' });
    const parsed = newAgent.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const error = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`;
      return void response.status(400).json({ error });
    }
    const { user, rule } = parsed.data;
    const isNew = !rules.has(user);
    rules.set(user, rule);
    treat(user, rule);
    response.status(isNew ? 201 : 200).json(describe(user));
  });

  router.delete('/:user', (request, response) => {
    const { user } = request.params;
    if (!rules.delete(user)) return void response.status(404).json({ error: 'No such agent.' });
    treat(user);
    response.status(204).end();
  });
  return router;
}

const newPhone = z.strictObject({
  number: z.string().regex(/^\d{7,15}$/, 'must be 7 to 15 digits'),
  rule: phoneRule.optional(),
});

/**
 * Telephones without a page, `/emulator/phones`: `POST {number, rule}` puts one on the network or changes its rule,
 * `GET` lists them, `DELETE /{number}` takes one away.
 */
export function phonesRouter(phones: PhoneBook, world: World): express.Router {
  const router = express.Router();
  const own = new Map<string, HeadlessPhone>();
  const describe = ({ number, rule, call }: HeadlessPhone) => ({ number, rule, call: call?.uuid ?? null });

  router.get('/', (_request, response) => {
    response.json([...own.values()].map(describe));
  });

  router.post('/', (request, response) => {
    if (!request.is('application/json'))
      return void response.status(415).json({ error: 'Send application/json.' });
    const parsed = newPhone.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const error = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is wrong'}`;
      return void response.status(400).json({ error });
    }
    const { number, rule } = parsed.data;
    const known = own.get(number);
    const phone = known ?? createHeadlessPhone({ phones, world, number });
    own.set(number, phone);
    phone.rule = rule ?? { does: 'answer' };
    response.status(known ? 200 : 201).json(describe(phone));
  });

  router.delete('/:number', (request, response) => {
    const phone = own.get(request.params.number);
    if (!phone) return void response.status(404).json({ error: 'No such phone.' });
    phone.close();
    own.delete(phone.number);
    response.status(204).end();
  });
  return router;
}
