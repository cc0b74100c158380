import { z } from 'zod';
import { auditQuery } from '../audit/routes.ts';
import { callQuery } from '../calls/routes.ts';
import { contactFields, contactQuery, eraseQuery, importQuery, noteRequest } from '../contacts/routes.ts';
import { callbackQuery, historyQuery, seenRequest } from '../history/routes.ts';
import type { ACCESS } from '../people/access.ts';
import { startQuery } from '../people/openid-routes.ts';
import { invitationRequest, signInRequest, tokenRequest } from '../people/routes.ts';
import { agentControlRequest, controlRequest } from '../routing/desk/control.ts';
import {
  choiceRequest,
  feedQuery,
  figureCallsQuery,
  figuresQuery,
  pageReport,
  presenceReport,
  wrapUpRequest,
} from '../routing/desk/routes.ts';
import { outboundQuery } from '../routing/outbound-routes.ts';
import { heardQuery } from '../voicemail/routes.ts';
import * as responses from './responses/responses.ts';

/** A request to the API, and how it is answered if all is well. All else is answered with an `ApiError`. */
export interface Operation {
  summary: string;
  query?: z.ZodObject;
  body?: { schema: z.ZodType; isOptional?: boolean } | 'csv';
  answer: Answer;
}

type Answer =
  | { status: 200 | 201 | 202; json: z.ZodType }
  /** Server-sent events of a type, with this as their data. */
  | { status: 200; events: string; data: z.ZodType }
  /** `hasRanges`: a part of the file can be asked for, and whether it has changed. */
  | { status: 200; file: 'audio/wav' | 'text/csv'; hasRanges?: boolean }
  /** For browsers, which go on elsewhere. Some errors are plain text. */
  | { status: 302 }
  | { status: 204 };

/** One operation for each request of the table of access, and no other. */
type Operations = {
  readonly [Path in keyof typeof ACCESS]: { readonly [Method in keyof (typeof ACCESS)[Path]]: Operation };
};

const json = (schema: z.ZodType, status: 200 | 201 | 202 = 200): Answer => ({ status, json: schema });
const events = (type: string, data: z.ZodType): Answer => ({ status: 200, events: type, data });
const nothing: Answer = { status: 204 };
const redirect: Answer = { status: 302 };

/** Where a feed goes on. */
const resumeQuery = z.object({
  lastEventId: z
    .string()
    .optional()
    .meta({ description: 'Without a Last-Event-ID header: resumes after it.' }),
});

const languageQuery = z.object({
  language: z.string().optional().meta({ description: 'A BCP 47 tag, for the name of the country.' }),
});

/** Every request to the API. What each is for is said by role in the table of access. */
export const OPERATIONS: Operations = {
  '/api/session': {
    get: { summary: 'Who is signed in', answer: json(responses.sessionState) },
    post: {
      summary: 'Sign in: sets the session’s cookie',
      body: { schema: signInRequest },
      answer: json(responses.sessionState),
    },
    delete: { summary: 'Sign out', answer: json(responses.sessionState) },
  },
  '/api/invitation': {
    post: {
      summary: 'Accept an invitation: sets the session’s cookie',
      body: { schema: invitationRequest },
      answer: json(responses.invitationAccepted),
    },
  },
  '/api/openid/start': {
    get: { summary: 'Sign in with the identity provider', query: startQuery, answer: redirect },
  },
  '/api/openid/callback': {
    get: { summary: 'Where the identity provider sends the browser back to', answer: redirect },
  },
  '/api/token': {
    post: {
      summary: 'A token for the Client SDK',
      body: { schema: tokenRequest, isOptional: true },
      answer: json(responses.tokenGrant),
    },
  },
  '/api/presence': {
    post: {
      summary: 'The agent’s page is there. Send it every three seconds',
      body: { schema: presenceReport },
      answer: json(responses.presenceReply),
    },
  },
  '/api/choice': {
    put: {
      summary: 'Choose to be available, away or offline',
      body: { schema: choiceRequest },
      answer: json(responses.agentView),
    },
  },
  '/api/wrap-up': {
    post: {
      summary: 'End or extend a wrap-up, or take notes about a call',
      body: { schema: wrapUpRequest },
      answer: json(responses.agentView),
    },
  },
  '/api/desk': { get: { summary: 'Agents, queues and calls', answer: json(responses.deskView) } },
  '/api/desk/feed': {
    get: {
      summary: 'What an agent’s page shows, at the beginning and after each change',
      query: feedQuery,
      answer: events('desk', responses.agentDesk),
    },
  },
  '/api/desk/report': {
    post: {
      summary: 'What only the agent’s page knows of a call',
      body: { schema: pageReport },
      answer: nothing,
    },
  },
  '/api/desk/options': {
    get: { summary: 'What the desk file allows in calls', answer: json(responses.deskOptions) },
  },
  '/api/outbound': {
    get: {
      summary: 'Whether agents may call a number',
      query: outboundQuery,
      answer: json(responses.outboundCheck),
    },
  },
  '/api/desk/calls/:id/rings': {
    get: {
      summary: 'Why offers of a call that were not taken did not ring',
      query: callbackQuery,
      answer: json(responses.ringChains),
    },
  },
  '/api/desk/calls/:id/control': {
    post: {
      summary: 'Do something in a call: hold, transfer, supervise, …',
      body: { schema: controlRequest },
      answer: json(responses.controlReply),
    },
  },
  '/api/desk/agents/:name/control': {
    post: {
      summary: 'Change an agent’s status, end a wrap-up, or sign an agent out',
      body: { schema: agentControlRequest },
      answer: json(responses.agentView),
    },
  },
  '/api/calls': {
    get: { summary: 'Calls, newest first', query: callQuery, answer: json(responses.callPage) },
  },
  '/api/calls/:id': {
    get: {
      summary: 'A call with its webhooks and what the desk did. Any id that the call is known by will do',
      answer: json(responses.callDetail),
    },
  },
  '/api/calls/:id/export/:format': {
    get: { summary: 'A call as a file: har or json, without secrets', answer: json(responses.callExport) },
  },
  '/api/calls/:id/entries/:entryId/replay': {
    post: {
      summary: 'Send an event webhook to this server again',
      answer: json(responses.replayResult, 202),
    },
  },
  '/api/legs/:id': {
    get: { summary: 'What the webhooks said of a leg', answer: json(responses.legAccount) },
  },
  '/api/feed': {
    get: {
      summary: 'Each webhook with its call, as it is stored',
      query: resumeQuery,
      answer: events('entry', responses.feedMessage),
    },
  },
  '/api/voicemails': { get: { summary: 'Voicemails, newest first', answer: json(responses.voicemails) } },
  '/api/voicemails/:id': { delete: { summary: 'Delete a voicemail', answer: nothing } },
  '/api/voicemails/:id/audio': {
    get: { summary: 'The recording', answer: { status: 200, file: 'audio/wav', hasRanges: true } },
  },
  '/api/voicemails/:id/heard': {
    put: { summary: 'Note that it was listened to', query: heardQuery, answer: nothing },
  },
  '/api/figures': {
    get: {
      summary: 'The figures of a span of time, today by default; with list, the ids of the calls of a figure',
      query: figuresQuery,
      answer: json(responses.figures),
    },
  },
  '/api/figures/calls': {
    get: {
      summary: 'The calls that make up a figure, newest first',
      query: figureCallsQuery,
      answer: json(responses.figureCalls),
    },
  },
  '/api/wall/feed': {
    get: {
      summary: 'The whole desk, at the beginning and after each change',
      answer: events('wall', responses.wallView),
    },
  },
  '/api/contacts': {
    get: { summary: 'Contacts, by name', query: contactQuery, answer: json(responses.contactPage) },
  },
  '/api/contacts/import': {
    post: {
      summary: 'Import a CSV file, or preview what that would do',
      query: importQuery,
      body: 'csv',
      answer: json(responses.importResult),
    },
  },
  '/api/contacts/export': {
    get: { summary: 'All contacts as a CSV file', answer: { status: 200, file: 'text/csv' } },
  },
  '/api/contacts/:number': {
    get: { summary: 'A contact with its notes and calls', answer: json(responses.contactDetail) },
    put: {
      summary: 'Write a contact',
      body: { schema: contactFields },
      answer: json(responses.contact),
    },
    delete: {
      summary: 'Delete a contact with its notes, or everything about the number',
      query: eraseQuery,
      answer: json(responses.erased),
    },
  },
  '/api/contacts/:number/notes': {
    post: {
      summary: 'Add a note to a contact',
      body: { schema: noteRequest },
      answer: json(responses.contactNote, 201),
    },
  },
  '/api/callers/:number': {
    get: {
      summary: 'What is known about a caller',
      query: languageQuery,
      answer: json(responses.callerCard),
    },
  },
  '/api/history': {
    get: {
      summary: 'Past calls of an agent or of the team, newest first',
      query: historyQuery,
      answer: json(responses.historyPage),
    },
  },
  '/api/history/seen': {
    post: {
      summary: 'Missed calls were seen, and are no longer counted',
      body: { schema: seenRequest, isOptional: true },
      answer: json(responses.missed),
    },
  },
  '/api/callbacks': {
    get: {
      summary: 'Callers who wait to be called back',
      query: callbackQuery,
      answer: json(responses.callbacks),
    },
  },
  '/api/callbacks/:id': {
    delete: { summary: 'Cancel a callback', query: callbackQuery, answer: nothing },
  },
  '/api/audit': {
    get: { summary: 'The audit trail, newest first', query: auditQuery, answer: json(responses.auditPage) },
  },
  '/api/audit/export': {
    get: { summary: 'The audit trail as a CSV file', answer: { status: 200, file: 'text/csv' } },
  },
  '/api/openapi.json': {
    get: { summary: 'This description', answer: json(z.record(z.string(), z.unknown())) },
  },
};
