import type { Account, Change, PlatformHosts } from '../../vonage/account.ts';
import { AccountError } from '../../vonage/account-error.ts';
import { requestOf } from '../../vonage/account-request.ts';
import type { Talk } from './talk.ts';
import { SetupTrouble } from './trouble.ts';

/** Results that later steps need. */
export interface Progress {
  applicationId: string | undefined;
  privateKey: string | undefined;
  publicKey: string | undefined;
}

/** One step of setup. */
export interface Step {
  /** A title in the imperative: "Link +442038297050 to the application". */
  title: string;
  /** Lines shown in a dry run. */
  shown: readonly string[];
  run(progress: Progress): Promise<void>;
}

/** A step that sends one request to Vonage. */
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
      // An earlier step may have generated the key.
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
  if (value === undefined) throw new Error('A step ran before the one that it needs.');
  return value;
}

/** Runs the steps in order. Throws a SetupTrouble that says which step failed and how to continue. */
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

/** Converts an error of Vonage or a file into a SetupTrouble. */
export function troubleOf(
  error: unknown,
  step: string,
  when: 'while looking' | 'while changing' = 'while looking',
): SetupTrouble {
  if (error instanceof SetupTrouble) return error;
  const why = error instanceof Error ? error.message : String(error);
  const again =
    when === 'while looking'
      ? 'Then run "npm run setup" again. Nothing has been changed yet.'
      : 'Then run "npm run setup" again. It keeps what is done and continues from here.';
  return new SetupTrouble(step, `${why}.`, remedyOf(error), again);
}

function remedyOf(error: unknown): string {
  const kind = error instanceof AccountError ? error.kind : 'other';
  switch (kind) {
    case 'unreachable':
      return 'Check this machine’s internet connection, and https://vonage.statuspage.io for outages.';
    case 'credentials':
      return 'VONAGE_API_KEY or VONAGE_API_SECRET is wrong. Compare them with https://dashboard.vonage.com/settings.';
    case 'busy':
      return 'Too many requests: wait a minute.';
    case 'missing':
      return 'It was deleted in the meantime.';
    case 'refused':
      return 'Vonage rejected the request for the reason above. Correct it.';
    default:
      return 'Correct this.';
  }
}
