import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpressionBuilder } from 'kysely';
import type { VoicemailView } from '../../domain/api/desk-api.ts';
import { type Actor, audit } from '../audit/audit.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { VoicemailRow } from './tables.ts';

/** Whose messages somebody may see and delete: everyone's, or those of some queues. */
export type VoicemailScope =
  | 'all'
  | { queues: readonly string[] }
  /** All but those of these queues, so that a message of no queue is somebody's. */
  | { notOf: readonly string[] };

/** The messages that callers left. Methods reject with StoreUnavailable while the store is down. */
export interface Voicemails {
  /** Newest first. Empty ones are left out, and those that are still being recorded. */
  list(scope: VoicemailScope): Promise<readonly VoicemailView[]>;
  /** The file of a recording that is kept, or undefined. */
  file(id: string, scope: VoicemailScope): Promise<string | undefined>;
  /** Notes who listened first. Returns whether there is such a message. */
  hear(id: string, scope: VoicemailScope, agent: string): Promise<boolean>;
  /** Deletes the message and its recording. Returns whether there was one. @param by recorded in the audit trail */
  remove(id: string, scope: VoicemailScope, by?: Actor): Promise<boolean>;
  /** Deletes the recordings of messages that are about to be deleted. */
  removeFiles(ids: readonly string[]): Promise<void>;
  /** Deletes all messages from before a time, milliseconds since 1970. */
  removeBefore(time: number): Promise<void>;
}

/** Most messages of a list. */
const MOST = 500;

/** @param now milliseconds since 1970 */
export function createVoicemails(store: Store, folder: string, now: () => number): Voicemails {
  const fileOf = (id: string) => join(folder, `${id}.wav`);
  async function remove(id: string, scope: VoicemailScope, by?: Actor): Promise<boolean> {
    return store.write(async (transaction) => {
      const row = await transaction
        .selectFrom('voicemails')
        .select('id')
        .where('id', '=', id)
        .where((where) => isIn(scope, where))
        .executeTakeFirst();
      if (row === undefined) return false;
      // First, so that a crash leaves no file of a message that is unknown.
      await rm(fileOf(id), { force: true });
      await transaction.deleteFrom('voicemails').where('id', '=', id).execute();
      await transaction.deleteFrom('hooks').where('subject', '=', id).execute();
      if (by !== undefined) await audit(transaction, { ...by, what: 'voicemail deleted', of: id }, now());
      return true;
    });
  }

  return {
    async list(scope) {
      const rows = await store.read((db) =>
        db
          .selectFrom('voicemails')
          .selectAll()
          .where('state', 'in', ['recorded', 'kept', 'missing'])
          .where((where) => isIn(scope, where))
          .orderBy('offered_at', 'desc')
          .orderBy('id')
          .limit(MOST)
          .execute(),
      );
      return rows.map(viewOf);
    },
    async file(id, scope) {
      const row = await store.read((db) =>
        db
          .selectFrom('voicemails')
          .select('state')
          .where('id', '=', id)
          .where((where) => isIn(scope, where))
          .executeTakeFirst(),
      );
      return row?.state === 'kept' ? fileOf(id) : undefined;
    },
    async hear(id, scope, agent) {
      const { numUpdatedRows } = await store.write((transaction) =>
        transaction
          .updateTable('voicemails')
          .set(({ fn, val }) => ({
            heard_by: fn.coalesce('heard_by', val(agent)),
            heard_at: fn.coalesce('heard_at', val(now())),
          }))
          .where('id', '=', id)
          .where((where) => isIn(scope, where))
          .executeTakeFirst(),
      );
      return numUpdatedRows > 0n;
    },
    remove,
    async removeFiles(ids) {
      for (const id of ids) await rm(fileOf(id), { force: true });
    },
    async removeBefore(time) {
      const old = await store.read((db) =>
        db.selectFrom('voicemails').select('id').where('offered_at', '<', time).execute(),
      );
      for (const { id } of old) await remove(id, 'all');
    },
  };
}

function isIn(scope: VoicemailScope, { eb, or, lit }: ExpressionBuilder<Schema, 'voicemails'>) {
  if (scope === 'all') return lit(true);
  if ('queues' in scope) return scope.queues.length === 0 ? lit(false) : eb('queue', 'in', scope.queues);
  return or([
    eb('queue', 'is', null),
    scope.notOf.length === 0 ? lit(true) : eb('queue', 'not in', scope.notOf),
  ]);
}

function viewOf(row: VoicemailRow): VoicemailView {
  return {
    id: row.id,
    call: row.call,
    from: row.from_party,
    queue: row.queue,
    receivedAt: row.received_at ?? row.offered_at,
    seconds: row.seconds,
    audio: row.state === 'kept' ? `/api/voicemails/${row.id}/audio` : null,
    isMissing: row.state === 'missing',
    transcript: row.transcript,
    heardBy: row.heard_by,
  };
}
