import { z } from 'zod';
import { AUDITED, type AuditPage } from '../../domain/api/audit-api.ts';
import type {
  CallDetail,
  CallPage,
  FeedMessage,
  LegAccount,
  ReplayResult,
} from '../../domain/api/console-api.ts';
import type {
  CallerCard,
  Contact,
  ContactDetail,
  ContactNote,
  ContactPage,
  Erased,
  ImportResult,
} from '../../domain/api/contacts-api.ts';
import type {
  AgentDesk,
  AgentView,
  ControlReply,
  DeskOptions,
  DeskView,
  PresenceReply,
  VoicemailView,
} from '../../domain/api/desk-api.ts';
import {
  type CallbackView,
  HISTORY_OUTCOMES,
  type HistoryItem,
  type HistoryPage,
} from '../../domain/api/history-api.ts';
import type { OutboundCheck } from '../../domain/api/outbound-api.ts';
import {
  type ApiError,
  type InvitationAccepted,
  ROLES,
  type SessionState,
  type TokenGrant,
} from '../../domain/api/page-api.ts';
import type { FigureCalls, WallView } from '../../domain/api/wall-api.ts';
import {
  type Call,
  type CallSummary,
  LEG_FAILURES,
  LEG_STATUSES,
  type Leg,
} from '../../domain/calls/call.ts';
import { OUTCOMES } from '../../domain/calls/outcome.ts';
import { CAUSES, type Cause, type CauseCode } from '../../domain/desk/causes.ts';
import type { ControlFailure, EndedOffer, PageState, Why } from '../../domain/desk/desk.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { FigureCall, Figures } from '../../domain/desk/figures.ts';
import { RING_LINKS, type RingChain } from '../../domain/desk/ring-chain.ts';
import type { Ncco } from '../../domain/ncco/ncco.ts';
import { EVENT_KINDS } from '../../domain/webhooks/event-kind.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { exactly } from './exactly.ts';

/*
 * What the API answers with, as schemas: the API's description is made of them, and tests check each response against
 * it. The types themselves, with their comments, are in domain/api.
 */

/** The schemas with a name of their own in the API's description. */
export const responses: z.core.$ZodRegistry<{ id: string }> = z.registry<{ id: string }>();

function named<S extends z.ZodType>(id: string, schema: S): S {
  responses.add(schema, { id });
  return schema;
}

const text = z.string();
const textOrNull = z.string().nullable();
const numberOrNull = z.number().nullable();
/** Milliseconds since 1970. */
const time = z.number().meta({ description: 'Milliseconds since 1970.' });
const timeOrNull = time.nullable();
const count = z.int().min(0);

const isCause = (value: string): value is CauseCode => Object.hasOwn(CAUSES, value);

const cause = named(
  'Cause',
  exactly<Cause>()(z.object({ code: z.enum(Object.keys(CAUSES).filter(isCause)), name: textOrNull })),
);

export const apiError = named(
  'ApiError',
  exactly<ApiError>()(
    z.object({
      error: text,
      code: z.enum([
        'bad-request',
        'sign-in-needed',
        'wrong-code',
        'too-many-tries',
        'not-allowed',
        'role-missing',
        'not-found',
        'conflict',
        'vonage-unreachable',
        'vonage-refused',
        'internal',
      ]),
      cause: cause.exactOptional(),
    }),
  ),
);

/* Signing in. */

const number = textOrNull.meta({ description: 'E.164 without +.' });

export const sessionState = named(
  'SessionState',
  exactly<SessionState>()(
    z.object({
      agent: textOrNull,
      roles: z.array(z.enum(ROLES)),
      agents: z.array(text),
      routing: z.enum(['direct', 'desk']),
      called: z.boolean().exactOptional(),
      checksSignatures: z.boolean().exactOptional(),
      signIn: z.enum(['automatic', 'code']),
      openId: z.boolean().exactOptional(),
      number,
      phoneUrl: textOrNull,
    }),
  ),
);

export const invitationAccepted = named(
  'InvitationAccepted',
  exactly<InvitationAccepted>()(z.object({ session: sessionState, code: text })),
);

export const auditPage = named(
  'AuditPage',
  exactly<AuditPage>()(
    z.object({
      entries: z.array(
        z.object({
          id: z.number(),
          at: time,
          who: textOrNull,
          what: z.enum(AUDITED),
          of: textOrNull,
          from: textOrNull,
          details: textOrNull,
        }),
      ),
      next: numberOrNull,
    }),
  ),
);

export const tokenGrant = named(
  'TokenGrant',
  exactly<TokenGrant>()(
    z.object({
      token: text,
      agent: text,
      expiresIn: z.number().meta({ description: 'Seconds.' }),
      sdk: z.object({
        region: z.enum(['US', 'EU', 'AP']),
        apiUrl: text.exactOptional(),
        websocketUrl: text.exactOptional(),
      }),
    }),
  ),
);

/* The desk. */

const choice = z.enum(['available', 'away', 'offline']);
const exit = z.enum([
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
const rescinder = z.enum(['caller', 'another agent', 'line', 'choice', 'supervisor']);
const endedOfferAs = z.enum(['rejected', 'timeout', 'unreachable', 'rescinded', 'canceled']);
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

const memberView = named(
  'MemberView',
  z.object({
    as: z.enum(['caller', 'agent', 'guest', 'supervisor']),
    name: textOrNull,
    state: memberState,
    supervision: supervision.nullable(),
  }),
);

const deskCallFields = {
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

/* Calls and their webhooks. */

const callEnd = z.enum([
  'caller-gave-up',
  'rejected',
  'nobody-answered',
  'busy',
  'failed',
  'application-error',
  'completed',
  'unknown',
]);
const callStatus = z.enum(['started', 'ringing', 'in-call', 'ended']);
const hungUpBy = z.enum(['caller', 'agent', 'platform']);
const direction = z.enum(['inbound', 'outbound']);

const leg = named(
  'Leg',
  exactly<Leg>()(
    z.object({
      uuid: text,
      direction: direction.nullable(),
      from: textOrNull,
      to: textOrNull,
      status: z.enum(LEG_STATUSES),
      outcome: z.enum(['answered', ...LEG_FAILURES]).nullable(),
      startedAt: timeOrNull,
      ringingAt: timeOrNull,
      answeredAt: timeOrNull,
      endedAt: timeOrNull,
      duration: numberOrNull,
      price: textOrNull,
      rate: textOrNull,
      network: textOrNull,
      detail: textOrNull,
      sipCode: numberOrNull,
      disconnectedBy: textOrNull,
      machine: textOrNull,
    }),
  ),
);

const call = exactly<Call>()(
  z.object({
    id: text,
    conversations: z.array(text),
    from: textOrNull,
    to: textOrNull,
    agent: textOrNull,
    status: callStatus,
    end: callEnd.nullable(),
    hungUpBy: hungUpBy.nullable(),
    direction: direction.nullable(),
    startedAt: timeOrNull,
    answeredAt: timeOrNull,
    endedAt: timeOrNull,
    ringing: numberOrNull,
    talking: numberOrNull,
    total: numberOrNull,
    price: numberOrNull,
    legs: z.array(leg),
    recordings: z.array(
      z.object({
        url: text,
        uuid: textOrNull,
        size: numberOrNull,
        transcriptionUrl: textOrNull,
        startedAt: timeOrNull,
        endedAt: timeOrNull,
      }),
    ),
    errors: z.array(text),
  }),
);

const callSummary = named(
  'CallSummary',
  exactly<CallSummary>()(
    z.object({
      id: text,
      aliases: z.array(text),
      from: textOrNull,
      to: textOrNull,
      agent: textOrNull,
      status: callStatus,
      end: callEnd.nullable(),
      hungUpBy: hungUpBy.nullable(),
      direction: direction.nullable(),
      queue: textOrNull,
      exit: exit.nullable(),
      firstSeenAt: time,
      startedAt: timeOrNull,
      answeredAt: timeOrNull,
      endedAt: timeOrNull,
      lastHeardAt: time,
      lastEntryId: z.number(),
    }),
  ),
);

/** The actions have many fields, and Vonage's documentation of them all. */
const ncco = z
  .custom<Ncco>(Array.isArray)
  .meta({ type: 'array', items: { type: 'object' }, description: 'An NCCO, as it was sent.' });

const entryFields = {
  id: z.number(),
  callId: text,
  receivedAt: time,
  took: z.number(),
  method: z.enum(['GET', 'POST']),
  requestId: text,
  replayed: z.boolean(),
  route: text,
  reply: z.object({ status: z.number(), ncco: ncco.exactOptional() }),
  repeats: numberOrNull,
};

const logEntry = named(
  'LogEntry',
  exactly<LogEntry>()(
    z.discriminatedUnion('type', [
      z.object({
        ...entryFields,
        type: z.literal('event'),
        kind: z.enum(EVENT_KINDS),
        payload: z.record(text, z.unknown()),
      }),
      z.object({
        ...entryFields,
        type: z.enum(['answer', 'fallback']),
        request: z.record(text, z.unknown()),
      }),
    ]),
  ),
);

export const callPage = named(
  'CallPage',
  exactly<CallPage>()(
    z.object({
      calls: z.array(callSummary),
      next: textOrNull,
      newestEntryId: z.number(),
      outcomes: z.record(z.enum(OUTCOMES), count).exactOptional(),
    }),
  ),
);

/** What there is besides `at` depends on the kind; kinds are added and fields too, so that readers must allow for it. */
const deskEvent = named(
  'DeskEvent',
  z
    .custom<DeskEvent>((event) => typeof event === 'object' && event !== null)
    .meta({
      type: 'object',
      required: ['at', 'kind'],
      properties: { at: { type: 'number' }, kind: { type: 'string' } },
      additionalProperties: true,
      description: 'What the desk did. The other fields depend on the kind: see domain/desk/events.ts.',
    }),
);

const pageState = exactly<PageState>()(
  z.object({
    tab: text,
    line: z.enum(['up', 'down']),
    sound: z.enum(['on', 'blocked', 'none']),
    microphone: z.enum(['ready', 'unasked', 'refused', 'none']),
  }),
);

const ringChain = named(
  'RingChain',
  exactly<RingChain>()(
    z.object({
      reservation: text,
      agent: text,
      as: endedOfferAs,
      endedAt: time,
      links: z.array(z.object({ name: z.enum(RING_LINKS), at: timeOrNull })),
      broken: z.enum(RING_LINKS).nullable(),
      reason: textOrNull,
      sound: z.enum(['played', 'blocked']).nullable(),
      tab: z.enum(['visible', 'hidden']).nullable(),
      notice: z.enum(['shown', 'off']).nullable(),
      presence: pageState.nullable(),
    }),
  ),
);

/** Those of the offers of a call that were not taken, oldest first. */
export const ringChains = z.array(ringChain);

export const legAccount = named(
  'LegAccount',
  exactly<LegAccount>()(
    z.object({
      now: time,
      webhooks: z.array(z.object({ status: text, at: time })),
      called: leg.shape.outcome,
    }),
  ),
);

export const callDetail = named(
  'CallDetail',
  exactly<CallDetail>()(
    z.object({
      call: call.extend({ lastHeardAt: time }),
      entries: z.array(logEntry),
      desk: z.array(deskEvent).exactOptional(),
      deskOffers: z.array(ringChain).exactOptional(),
      deskGap: z.object({ after: z.number(), omitted: z.number() }).exactOptional(),
    }),
  ),
);

export const feedMessage = named(
  'FeedMessage',
  exactly<FeedMessage>()(z.object({ entry: logEntry, call: callSummary })),
);

export const replayResult = named('ReplayResult', exactly<ReplayResult>()(z.object({ status: z.number() })));

/** A HAR, or all that is stored. */
export const callExport = z.record(text, z.unknown());

/* History and contacts. */

const contactName = z.object({ name: textOrNull, company: textOrNull });

const historyItem = named(
  'HistoryItem',
  exactly<HistoryItem>()(
    z.object({
      call: text,
      agent: textOrNull,
      at: time,
      direction,
      isCallback: z.boolean(),
      number,
      contact: contactName.nullable(),
      to: textOrNull,
      queue: textOrNull,
      outcome: z.enum(HISTORY_OUTCOMES),
      exit: exit.nullable(),
      answeredBy: textOrNull,
      hungUpBy: hungUpBy.nullable(),
      transferred: z.boolean(),
      waited: numberOrNull,
      talked: numberOrNull,
      voicemail: textOrNull,
      wrapUp: z.object({ outcome: textOrNull, note: textOrNull }).nullable(),
    }),
  ),
);

export const historyPage = named(
  'HistoryPage',
  exactly<HistoryPage>()(z.object({ items: z.array(historyItem), next: textOrNull, missed: count })),
);

export const missed = z.object({ missed: count });

export const callbacks = exactly<readonly CallbackView[]>()(
  z.array(
    named(
      'Callback',
      z.object({
        id: text,
        number,
        contact: contactName.nullable(),
        queue: text,
        since: time,
        tries: count,
        nextTry: timeOrNull,
        state: z.enum(['waiting', 'ringing-agent', 'calling', 'talking']),
        agent: textOrNull,
      }),
    ),
  ),
);

export const contact = named(
  'Contact',
  exactly<Contact>()(
    z.object({
      number: text,
      name: textOrNull,
      company: textOrNull,
      link: textOrNull,
      changedBy: textOrNull,
      changedAt: time,
    }),
  ),
);

export const contactPage = named(
  'ContactPage',
  exactly<ContactPage>()(z.object({ contacts: z.array(contact), next: textOrNull })),
);

export const contactNote = named(
  'ContactNote',
  exactly<ContactNote>()(z.object({ id: z.number(), text, by: textOrNull, at: time, call: textOrNull })),
);

export const contactDetail = named(
  'ContactDetail',
  exactly<ContactDetail>()(z.object({ contact, notes: z.array(contactNote), calls: z.array(historyItem) })),
);

export const callerCard = named(
  'CallerCard',
  exactly<CallerCard>()(
    z.object({
      number: text,
      formatted: text,
      country: textOrNull,
      countryName: textOrNull,
      contact: contact.nullable(),
      link: textOrNull,
      lastNote: contactNote.nullable(),
      lastCalls: z.array(historyItem),
    }),
  ),
);

const traces = { calls: count, voicemails: count, live: count };

export const erased = named(
  'Erased',
  exactly<Erased>()(
    z.object({
      deleted: z.object({ contact: z.boolean(), notes: count, ...traces }),
      kept: z.object(traces),
    }),
  ),
);

export const importResult = named(
  'ImportResult',
  exactly<ImportResult>()(
    z.object({
      preview: z.boolean(),
      encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']),
      separator: z.enum([',', ';', '\t']),
      ignoredColumns: z.array(text),
      rows: count,
      added: count,
      changed: count,
      same: count,
      refused: z.object({
        count,
        first: z.array(
          z.object({
            line: z.number(),
            reason: z.enum(['no-number', 'not-a-number', 'too-long', 'not-a-link']),
            value: text,
          }),
        ),
      }),
      doubled: z.object({ count, first: z.array(z.object({ line: z.number(), number: text })) }),
    }),
  ),
);

/* Figures and the wall. */

const rate = numberOrNull;
const callCounts = {
  offered: count,
  answered: count,
  abandoned: count,
  shortAbandoned: count,
  overflowed: count,
  callback: count,
  lost: count,
  waiting: count,
};
const interval = z.object({
  ...callCounts,
  at: time,
  answeredInTime: z.number(),
  waitSeconds: z.number(),
  handled: z.number(),
  handleSeconds: z.number(),
  idleSeconds: z.number(),
  offers: z.number(),
  notTaken: z.number(),
  endedByCaller: z.number(),
});

const figuresOfSpan = named(
  'Figures',
  exactly<Figures>()(
    z.object({
      ...callCounts,
      serviceLevel: rate,
      asa: rate,
      abandonRate: rate,
      aht: rate,
      occupancy: rate,
      nonResponse: rate,
      nonResponseWithoutCallers: rate,
      from: time,
      to: time,
      outbound: z.object({ dialed: count, answered: count, talkSeconds: z.number() }),
      agents: z.array(
        z.object({
          name: text,
          handled: z.number(),
          talkSeconds: z.number(),
          wrapUpSeconds: z.number(),
          idleSeconds: z.number(),
          offers: z.number(),
          rejected: z.number(),
          missed: z.number(),
        }),
      ),
      intervals: z.array(interval),
    }),
  ),
);

/** With `list`, the ids of the calls. */
export const figures = z.union([figuresOfSpan, z.array(text)]);

const figureCall = named(
  'FigureCall',
  exactly<FigureCall>()(
    z.object({
      id: text,
      at: time,
      from: textOrNull,
      queue: text,
      agent: textOrNull,
      waitedSeconds: numberOrNull,
      handleSeconds: numberOrNull,
      outcome: z.enum(['answered', 'abandoned', 'overflowed', 'callback', 'lost', 'waiting']),
      isShort: z.boolean(),
      isInTime: z.boolean(),
      notTaken: z.array(z.object({ agent: text, as: endedOfferAs, by: rescinder.nullable() })),
    }),
  ),
);

export const figureCalls = named(
  'FigureCalls',
  exactly<FigureCalls>()(z.object({ calls: z.array(figureCall), total: count })),
);

export const wallView = named(
  'WallView',
  exactly<WallView>()(
    z.object({
      now: time,
      agents: z.array(agentView),
      queues: z.array(
        z.object({
          name: text,
          waiting: count,
          agents: z.array(text),
          ready: count,
          callbacks: count,
          waitingSince: timeOrNull,
          longestWaitSeconds: z.number(),
          unattendedSince: timeOrNull,
        }),
      ),
      calls: z.array(
        z.object({
          ...deskCallFields,
          waitingSince: time,
          place: numberOrNull,
          supervisors: z.array(memberView),
        }),
      ),
      voicemails: z.object({ unheard: count, oldest: timeOrNull }),
    }),
  ),
);
