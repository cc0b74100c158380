/** What the audit trail records. Names of accounts and queues may appear in it, numbers of callers never do. */
export const AUDITED = [
  'signed in',
  'sign-in failed',
  'signed out',
  'agent signed out',
  'account added',
  'account removed',
  'roles changed',
  'code changed',
  'invited',
  'invitation accepted',
  'rules changed',
  'status set',
  'listened in',
  'left the call',
  'call ended',
  'caller moved',
  'voicemail deleted',
  'contact deleted',
  'number deleted',
  'callback canceled',
  'old data deleted',
  'contacts imported',
  'contacts exported',
  'audit exported',
] as const;

export type Audited = (typeof AUDITED)[number];

/** One line of the audit trail. */
export interface AuditView {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  /** An account; null: the server itself, or somebody who is not known. */
  who: string | null;
  what: Audited;
  /** An account, a call, a voicemail or a file; null: nothing in particular. */
  of: string | null;
  /** An address, or the program that did it. */
  from: string | null;
  details: string | null;
}

/** Answer of `GET /api/audit`, newest first. `next` is the `before` of the following page, null at the end. */
export interface AuditPage {
  entries: readonly AuditView[];
  next: number | null;
}
