import type { Response } from 'express';
import { z } from 'zod';
import type { ApiError } from '../../../domain/api/page-api.ts';
import { storable } from '../../../domain/contacts/contact.ts';
import type { Refusal } from '../../../domain/desk/controls.ts';
import { viewerOf } from '../../people/authenticate.ts';

const name = z.string().min(1).max(64);
const who = { agent: name.optional() };

const agent = z.strictObject({ agent: name });
const number = z.strictObject({ number: z.string().min(1).max(32) });
const queue = z.strictObject({ queue: name });
const PARTY = 'must be {agent}, {number} or {queue}, with one of them';

/** The body of a request to do something in a call. */
export const controlRequest = z.discriminatedUnion('action', [
  z.strictObject({ ...who, action: z.enum(['hold', 'resume', 'swap', 'merge', 'complete', 'cancel']) }),
  z.strictObject({ ...who, action: z.literal('transfer'), to: z.union([agent, number, queue], PARTY) }),
  z.strictObject({
    ...who,
    action: z.literal('consult'),
    to: z.union([agent, number], 'must be {agent} or {number}'),
  }),
  z.strictObject({ ...who, action: z.literal('say'), phrase: name }),
  z.strictObject({ ...who, action: z.literal('record'), on: z.boolean() }),
  z.strictObject({
    ...who,
    action: z.literal('supervise'),
    mode: z.enum(['listen', 'whisper', 'barge']),
    private: z.boolean().optional(),
  }),
  z.strictObject({ ...who, action: z.enum(['leave', 'end']) }),
  z.strictObject({
    ...who,
    action: z.literal('move'),
    to: z.union([z.literal('front'), queue], 'must be "front" or {queue}'),
  }),
]);

/** The body of a supervisor's request about an agent. */
export const agentControlRequest = z.discriminatedUnion('action', [
  z.strictObject({
    ...who,
    action: z.literal('choose'),
    choice: z.enum(['available', 'away', 'offline']),
    reason: z.string().trim().max(100).transform(storable).nullish(),
    next: z.boolean().optional(),
  }),
  z.strictObject({ ...who, action: z.enum(['end wrap-up', 'sign out']) }),
]);

export const CODES: Readonly<Record<Refusal['status'], ApiError['code']>> = {
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
};

/** Whether whoever sends a request may supervise. */
export function maySupervise(response: Response): boolean {
  return viewerOf(response).roles.includes('supervisor');
}
