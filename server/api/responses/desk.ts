import { z } from 'zod';
import type {
  AgentDesk,
  AgentView,
  ControlReply,
  DeskOptions,
  DeskView,
  PresenceReply,
  VoicemailView,
} from '../../../domain/api/desk-api.ts';
import type { OutboundCheck } from '../../../domain/api/outbound-api.ts';
import type { ControlFailure, EndedOffer, Why } from '../../../domain/desk/desk.ts';
import { exactly } from '../exactly.ts';
import { cause, count, named, number, numberOrNull, text, textOrNull, time, timeOrNull } from './fields.ts';

const choice = z.enum(['available', 'away', 'offline']);
export const exit = z.enum([
  'completed',
  'abandoned',
  'voicemail',
  'overflow',
  'closed',
  'callback',
  'not reached',
  'lost',
]);
const hears = z.enum([
  'greeting',
  'menu',
  'music',
  'position',
  'agent',
  'hold',
  'one moment',
  'voicemail',
  'apology',
  'goodbye',
  'nothing',
]);
const callKind = z.enum(['inbound', 'callback', 'outbound']);
const dialFailure = z.enum([
  'busy',
  'declined',
  'no answer',
  'unreachable',
  'busy here',
  'not a number',
  'short',
  'own',
  'not allowed',
  'premium',
]);
export const rescinder = z.enum(['caller', 'another agent', 'line', 'choice', 'supervisor']);
export const endedOfferAs = z.enum(['rejected', 'timeout', 'unreachable', 'rescinded', 'canceled']);
const role = z.enum(['agent', 'consult', 'supervise']);
const supervision = z.object({ mode: z.enum(['listen', 'whisper', 'barge']), private: z.boolean() });
const party = z.union([z.object({ agent: text }), z.object({ number: text }), z.object({ queue: text })]);

const controlFailure = named(
  'ControlFailure',
  exactly<ControlFailure>()(
    z.object({
      call: text,
      action: z.enum(['hold', 'resume', 'transfer', 'consult', 'say', 'supervise', 'swap', 'dial']),
      words: text,
      cause: cause.exactOptional(),
      reason: dialFailure.exactOptional(),
      at: time,
    }),
  ),
);

export const agentView = named(
  'AgentView',
  exactly<AgentView>()(
    z.object({
      name: text,
      choice,
      reason: textOrNull,
      next: z.object({ choice, reason: textOrNull }).nullable(),
      line: z.enum(['up', 'degraded', 'down']),
      load: z.enum(['free', 'reserved', 'talking', 'holding', 'consulting', 'supervising', 'wrap-up']),
      since: time,
    }),
  ),
);

const queueView = named(
  'QueueView',
  z.object({ name: text, waiting: count, longestWaitSeconds: z.number(), isOpen: z.boolean() }),
);

const memberState = z.enum(['calling', 'ringing', 'talking', 'held']);

export const memberView = named(
  'MemberView',
  z.object({
    as: z.enum(['caller', 'agent', 'guest', 'supervisor']),
    name: textOrNull,
    state: memberState,
    supervision: supervision.nullable(),
  }),
);

export const deskCallFields = {
  id: text,
  kind: callKind,
  from: textOrNull,
  queue: text,
  state: z.enum([
    'menu',
    'waiting',
    'connecting',
    'talking',
    'held',
    'ended',
    'greeting',
    'offered',
    'recovering',
    'dialing',
    'ringing',
    ...exit.options,
  ]),
  agent: textOrNull,
  since: time,
  callerHears: hears,
  heldSince: timeOrNull,
  holdWarning: z.enum(['alert', 'alarm']).nullable(),
};

const deskCallView = named(
  'DeskCallView',
  z.object({
    ...deskCallFields,
    consult: z.object({ with: party, by: text, state: memberState, since: time }).nullable(),
    transfer: z.object({ to: party, by: text, isComingBack: z.boolean() }).nullable(),
    members: z.array(memberView),
    recording: z.enum(['announced', 'on']).nullable(),
    failure: controlFailure.nullable(),
  }),
);

export const deskView = named(
  'DeskView',
  exactly<DeskView>()(
    z.object({ agents: z.array(agentView), queues: z.array(queueView), calls: z.array(deskCallView) }),
  ),
);

export const controlReply = named('ControlReply', exactly<ControlReply>()(z.object({ call: deskCallView })));

export const deskOptions = named(
  'DeskOptions',
  exactly<DeskOptions>()(
    z.object({
      phrases: z.array(z.object({ name: text, text })),
      queues: z.array(z.object({ name: text, mayRecord: z.boolean() })),
      outcomes: z.array(text),
      mayDial: z.boolean(),
    }),
  ),
);

export const presenceReply = named(
  'PresenceReply',
  exactly<PresenceReply>()(z.object({ leaseSeconds: z.number(), leader: z.boolean() })),
);

const why = exactly<Why>()(
  z.object({
    candidates: z.array(z.object({ agent: text, idleSeconds: z.number() })),
    passedOver: z.array(
      z.object({
        agent: text,
        because: z.enum([
          'away',
          'offline',
          'line down',
          'no microphone',
          'no sound',
          'busy',
          'wrap-up',
          'refused this call',
          'missed this call',
          'lacks skill',
        ]),
      }),
    ),
  }),
);

const endedOffer = exactly<EndedOffer>()(
  z.object({
    reservation: text,
    call: text,
    from: textOrNull,
    as: endedOfferAs,
    by: rescinder.nullable(),
    answeredBy: textOrNull,
    at: time,
  }),
);

export const agentDesk = named(
  'AgentDesk',
  exactly<AgentDesk>()(
    z.object({
      now: time,
      me: agentView,
      offer: z
        .object({
          id: text,
          role,
          kind: callKind,
          by: textOrNull,
          call: text,
          from: textOrNull,
          to: textOrNull,
          queue: text,
          waitingSince: time,
          until: timeOrNull,
          why,
        })
        .nullable(),
      call: deskCallView.extend({ reservation: text, role }).nullable(),
      wrapUp: z
        .object({
          call: text,
          from: textOrNull,
          until: time,
          extended: z.boolean(),
          ended: z.enum([
            'caller left',
            'caller left on hold',
            'agent left',
            'transferred',
            'ended by the desk',
          ]),
          note: z.object({ outcome: textOrNull, note: textOrNull }).nullable(),
        })
        .nullable(),
      lastOffer: endedOffer.nullable(),
      lastFailure: controlFailure.nullable(),
    }),
  ),
);

export const voicemails = exactly<readonly VoicemailView[]>()(
  z.array(
    named(
      'Voicemail',
      z.object({
        id: text,
        call: textOrNull,
        from: textOrNull,
        queue: textOrNull,
        receivedAt: time,
        seconds: numberOrNull,
        audio: textOrNull,
        isMissing: z.boolean(),
        transcript: textOrNull,
        heardBy: textOrNull,
      }),
    ),
  ),
);

export const outboundCheck = named(
  'OutboundCheck',
  exactly<OutboundCheck>()(
    z.object({
      allowed: z.boolean(),
      number,
      formatted: textOrNull,
      country: textOrNull,
      reason: dialFailure.nullable(),
      words: textOrNull,
    }),
  ),
);
