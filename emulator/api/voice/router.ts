import type { Request, Response } from 'express';
import express from 'express';
import type { z } from 'zod';
import type { Leg } from '../../calls/leg.ts';
import { bearerToken, checkApplicationToken } from '../../gateway/tokens.ts';
import type { Application, Directory } from '../../provisioning/account.ts';
import { inputEvent } from '../../webhooks/call-events.ts';
import { API_ERRORS, invalidParameters, mayGoOn, problem } from '../problem.ts';
import { livesHere } from '../regional.ts';
import { allowOnly, readJson } from '../requests.ts';
import {
  callChange,
  changeCall,
  keysRequest,
  keysSubscription,
  streamRequest,
  talkRequest,
} from './change-call.ts';
import { createCall, newCall, type VoiceParts } from './create-call.ts';
import { callFilter, describeCall, listCalls } from './list-calls.ts';

/** Vonage's Voice API, `/v1/calls`: calls that a program makes, looks up and controls. Bearer token of an application. */
export function voiceRouter(directory: Directory, services: VoiceParts): express.Router {
  const { exchange, limits, programs, url } = services;
  const router = express.Router();
  /** Undoes the subscription to the keys of a leg. */
  const subscriptions = new WeakMap<Leg, () => void>();

  /** Checks who asks before the body is read. */
  const forApplication =
    (handle: (application: Application, request: Request, response: Response) => void) =>
    async (request: Request, response: Response): Promise<void> => {
      const token = bearerToken(request.headers.authorization) ?? '';
      const application = await checkApplicationToken(token, directory);
      if (!application) {
        const detail =
          'You did not provide correct credentials: a valid JWT of an application, without "sub".';
        return problem(response, 401, `${API_ERRORS}#unauthorized`, 'Unauthorized', detail);
      }
      const what = request.method === 'POST' ? 'call' : 'request';
      if (!mayGoOn(limits, application.id, what, response)) return;
      if (await readJson(request, response)) handle(application, request, response);
    };

  /** For a leg of the application; 404 for another's, as for none. `live`: it must be answered and not over. */
  const forLeg = (handle: (leg: Leg, request: Request, response: Response) => void, live = true) =>
    forApplication((application, request, response) => {
      const leg = exchange.leg(String(request.params.uuid));
      if (leg?.application.id !== application.id || !livesHere(application, response)) {
        const detail = 'No such call, or it belongs to another application or region.';
        return problem(response, 404, `${API_ERRORS}#not-found`, 'Not Found', detail);
      }
      if (live && !isInProgress(leg)) return notInProgress(leg, response);
      handle(leg, request, response);
    });

  router.post(
    '/',
    forApplication((application, request, response) => {
      const call = parse(newCall, request.body, response);
      if (!call) return;
      const leg = createCall(call, application, services);
      response.status(201).json({
        uuid: leg.uuid,
        status: 'started',
        direction: leg.direction,
        conversation_uuid: leg.conversation.id,
      });
    }),
  );

  router.get(
    '/',
    forApplication((application, request, response) => {
      const filter = parse(callFilter, request.query, response);
      if (!filter) return;
      const own = exchange
        .conversations()
        .filter((one) => one.application.id === application.id && livesHere(application, response));
      const legs = own.flatMap((conversation) => conversation.legs);
      response.json(listCalls(legs, filter, url));
    }),
  );

  router.get(
    '/:uuid',
    forLeg((leg, _request, response) => void response.json(describeCall(leg)), false),
  );

  router.put(
    '/:uuid',
    forLeg((leg, request, response) => {
      const change = parse(callChange, request.body, response);
      if (!change) return;
      const possible = change.action === 'hangup' ? !leg.end : isInProgress(leg);
      if (!possible) return notInProgress(leg, response);
      changeCall(leg, change, services);
      response.status(204).end();
    }, false),
  );

  router.put(
    '/:uuid/talk',
    forLeg((leg, request, response) => {
      const talk = parse(talkRequest, request.body, response);
      if (!talk) return;
      programs.of(leg).startTalk(talk);
      response.json({ message: 'Talk started', uuid: leg.uuid });
    }),
  );

  router.delete(
    '/:uuid/talk',
    forLeg((leg, _request, response) => {
      programs.of(leg).stopTalk();
      response.json({ message: 'Talk stopped', uuid: leg.uuid });
    }),
  );

  router.put(
    '/:uuid/stream',
    forLeg((leg, request, response) => {
      const stream = parse(streamRequest, request.body, response);
      if (!stream) return;
      programs.of(leg).startStream(stream);
      response.json({ message: 'Stream started', uuid: leg.uuid });
    }),
  );

  router.delete(
    '/:uuid/stream',
    forLeg((leg, _request, response) => {
      programs.of(leg).stopStream();
      response.json({ message: 'Stream stopped', uuid: leg.uuid });
    }),
  );

  router.put(
    '/:uuid/dtmf',
    forLeg((leg, request, response) => {
      const keys = parse(keysRequest, request.body, response);
      if (!keys) return;
      exchange.sendKeys(leg, keys.digits);
      response.json({ message: 'DTMF sent', uuid: leg.uuid });
    }),
  );

  router.put(
    '/:uuid/input/dtmf',
    forLeg((leg, request, response) => {
      const subscription = parse(keysSubscription, request.body, response);
      if (!subscription) return;
      const target = { address: subscription.event_url[0], method: 'POST' } as const;
      subscriptions.get(leg)?.();
      const stop = leg.observe({
        pressed(_leg, digits) {
          for (const digit of digits) {
            const event = inputEvent(leg.facts(), { digits: digit }, leg.world.now());
            void exchange.tell(leg.conversation, target, event);
          }
        },
      });
      subscriptions.set(leg, stop);
      // Vonage answers 200 (tests of its Node SDK); what its body says is not documented.
      response.json({ message: 'DTMF subscribed', uuid: leg.uuid });
    }),
  );

  router.delete(
    '/:uuid/input/dtmf',
    forLeg((leg, _request, response) => {
      subscriptions.get(leg)?.();
      subscriptions.delete(leg);
      response.json({ message: 'DTMF unsubscribed', uuid: leg.uuid });
    }),
  );

  router.all('/', allowOnly('GET, POST'));
  router.all('/:uuid', allowOnly('GET, PUT'));
  router.all('/:uuid/dtmf', allowOnly('PUT'));
  router.all(['/:uuid/talk', '/:uuid/stream', '/:uuid/input/dtmf'], allowOnly('PUT, DELETE'));
  return router;
}

function isInProgress(leg: Leg): boolean {
  return leg.answeredAt !== undefined && !leg.end;
}

function notInProgress(leg: Leg, response: Response): void {
  const detail = `The call is not in progress: its status is "${leg.status}".`;
  problem(response, 400, `${API_ERRORS}#bad-request`, 'Bad Request', detail);
}

/** Answers 400 itself, and names each part that is wrong. */
function parse<T>(schema: z.ZodType<T>, value: unknown, response: Response): T | undefined {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const invalid = invalidParameters(parsed.error);
  const detail = invalid.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  problem(response, 400, `${API_ERRORS}#bad-request`, 'Bad Request', detail, invalid);
  return undefined;
}
