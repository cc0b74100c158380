import express from 'express';
import { z } from 'zod';
import type { PhoneBook } from '../calls/phone-book.ts';
import type { HeadlessPhone } from '../phone/headless.ts';
import { createHeadlessPhone, phoneRule } from '../phone/headless.ts';
import type { World } from '../world.ts';

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
    if (!phone) return void response.status(404).json({ error: 'There is no such telephone.' });
    phone.close();
    own.delete(phone.number);
    response.status(204).end();
  });
  return router;
}
