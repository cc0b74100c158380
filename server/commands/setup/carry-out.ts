import type { Account, Change, PlatformHosts } from '../../vonage/account.ts';
import { AccountError } from '../../vonage/account-error.ts';
import { requestOf } from '../../vonage/account-request.ts';
import type { Talk } from './talk.ts';
import { SetupTrouble } from './trouble.ts';

/** What the steps find out as they go. */
export interface Progress {
  applicationId: string | undefined;
  privateKey: string | undefined;
  publicKey: string | undefined;
}

/** One thing that setup does. */
export interface Step {
  /** In words, as an order: "Link +442038297050 to the application". */
  title: string;
  /** Shown for a dry run, one line each. */
  shown: readonly string[];
  run(progress: Progress): Promise<void>;
}

/** A step that is one request to Vonage. */
export function requestStep(title: string, change: Change, account: Account, hosts: PlatformHosts): Step {
  const { method, url, content } = requestOf(change, hosts);
  return {
    title,
    shown: [`${method} ${url}`, ...content.map((line) => `    ${line}`)],
    run: (progress) => make(change, account, progress),
  };
}

async function make(change: Change, account: Account, progress: Progress): Promise<void> {
  switch (change.kind) {
    case 'create application': {
      const draft = { ...change.draft, publicKey: progress.publicKey };
      progress.applicationId = (await account.createApplication(draft)).id;
      return;
    }
    case 'update application':
      // The key that it is to have may have been made a moment ago.
      return account.updateApplication(change.application.id, {
        ...change.draft,
        publicKey: change.draft.publicKey && progress.publicKey,
      });
    case 'buy number':
      return account.buyNumber(change.number);
    case 'link number':
      return account.linkNumber(change.number, needed(change.applicationId ?? progress.applicationId));
    case 'create user': {
      const { applicationId, privateKey } = progress;
      const key = { applicationId: needed(applicationId), privateKey: needed(privateKey) };
      if (!(await account.hasUser(key, change.name))) await account.createUser(key, change.name);
    }
  }
}

function needed(value: string | undefined): string {
  if (value === undefined) throw new Error('A step came before the one that it needs.');
  return value;
}

/** Does the steps one after the other. Throws a SetupTrouble that says which failed, and how to go on. */
export async function carryOut(steps: readonly Step[], progress: Progress, talk: Talk): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const ended = talk.working(step.title);
    try {
      await step.run(progress);
    } catch (error) {
      ended('failed');
      throw troubleOf(error, `step ${index + 1} of ${steps.length}, "${step.title}"`, 'while changing');
    }
    ended('done');
  }
}

/** An error of Vonage or of a file, as trouble in a step. */
export function troubleOf(
  error: unknown,
  step: string,
  when: 'while looking' | 'while changing' = 'while looking',
): SetupTrouble {
  if (error instanceof SetupTrouble) return error;
  const why = error instanceof Error ? error.message : String(error);
  const again =
    when === 'while looking'
      ? 'Then run "npm run setup" again. Nothing was changed so far.'
      : 'Then run "npm run setup" again: what is done stays, and it goes on from here.';
  return new SetupTrouble(step, `${why}.`, remedyOf(error), again);
}

function remedyOf(error: unknown): string {
  const kind = error instanceof AccountError ? error.kind : 'other';
  switch (kind) {
    case 'unreachable':
      return 'Look whether this machine reaches the internet, and https://vonage.statuspage.io whether Vonage works.';
    case 'credentials':
      return 'Compare VONAGE_API_KEY and VONAGE_API_SECRET with https://dashboard.vonage.com/settings: one of them is wrong.';
    case 'busy':
      return 'Vonage wants fewer requests: wait a minute.';
    case 'missing':
      return 'Somebody removed it in the meantime.';
    case 'refused':
      return 'Vonage says above what it does not accept. Mend that.';
    default:
      return 'Mend that.';
  }
}
