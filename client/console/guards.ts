import type { CallDetail, CallPage, FeedMessage, ReplayResult } from '../../domain/api/console-api.ts';
import type { CallSummary } from '../../domain/calls/call.ts';
import type { DeskEvent } from '../../domain/desk/events.ts';
import type { LogEntry } from '../../domain/webhooks/log-entry.ts';
import { isRecord } from '../session/request.ts';

// The server is of the same build as the page: these only tell its answers from those of something between.

export function isCallPage(value: unknown): value is CallPage {
  return (
    isRecord(value) &&
    Array.isArray(value.calls) &&
    value.calls.every(isSummary) &&
    (value.next === null || typeof value.next === 'string')
  );
}

export function isCallDetail(value: unknown): value is CallDetail {
  return (
    isRecord(value) &&
    isRecord(value.call) &&
    Array.isArray(value.call.legs) &&
    Array.isArray(value.entries) &&
    value.entries.every(isEntry) &&
    (value.desk === undefined || (Array.isArray(value.desk) && value.desk.every(isDeskEvent)))
  );
}

export function isFeedMessage(value: unknown): value is FeedMessage {
  return isRecord(value) && isEntry(value.entry) && isSummary(value.call);
}

export function isReplayResult(value: unknown): value is ReplayResult {
  return isRecord(value) && typeof value.status === 'number';
}

function isSummary(value: unknown): value is CallSummary {
  return (
    isRecord(value) &&
    typeof value.id === 'string' &&
    typeof value.status === 'string' &&
    typeof value.firstSeenAt === 'number' &&
    typeof value.lastEntryId === 'number'
  );
}

function isDeskEvent(value: unknown): value is DeskEvent {
  return isRecord(value) && typeof value.kind === 'string' && typeof value.at === 'number';
}

function isEntry(value: unknown): value is LogEntry {
  return (
    isRecord(value) &&
    typeof value.id === 'number' &&
    typeof value.callId === 'string' &&
    typeof value.receivedAt === 'number' &&
    isRecord(value.reply) &&
    isRecord(value.type === 'event' ? value.payload : value.request)
  );
}
