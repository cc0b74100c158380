import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Account, Application, VoiceWebhooks } from '../../vonage/account.ts';
import { sameWebhooks, webhooksAt } from '../setup/webhooks.ts';
import { writePrivately } from '../setup/write-privately.ts';

/** A tunnel from the internet to a local server. */
export interface Tunnel {
  /** Its public URL, without a trailing slash. */
  url: string;
  close(): Promise<void>;
}

/** Opens a tunnel to a local address. Throws an Error with a readable message on failure. */
export type OpenTunnel = (target: string) => Promise<Tunnel>;

export interface TunnelParts {
  open: OpenTunnel;
  account: Pick<Account, 'applications' | 'pointWebhooks'>;
  applicationId: string;
  /** Address of the server on this machine. */
  target: string;
  /** File with the previous webhooks while the tunnel is open, in case they cannot be restored. */
  memory: string;
  /** Prints a line to the terminal. */
  say: (line: string) => void;
  /** Resolves after a number of milliseconds. */
  pause: (ms: number) => Promise<void>;
}

/** An application whose webhooks point to a tunnel. */
interface LedHere {
  url: string;
  /** Restores the previous webhooks and closes the tunnel. Returns false, after printing why, if that failed. */
  putBack(): Promise<boolean>;
}

/** Attempts to restore the webhooks, and the milliseconds between them. */
const TRIES = 3;
const PAUSE_MS = 1_000;

const webhook = z.object({ address: z.string(), method: z.enum(['GET', 'POST']) });
const remembered = z.object({
  applicationId: z.string(),
  tunnel: z.string(),
  webhooks: z.object({
    answer: webhook.exactOptional(),
    event: webhook.exactOptional(),
    fallback: webhook.exactOptional(),
  }),
});

/**
 * Opens a tunnel and points the application's webhooks to it. On failure it undoes everything and throws an
 * Error with a readable message.
 */
export async function leadCallsHere(parts: TunnelParts): Promise<LedHere> {
  const { open, account, applicationId, target, memory } = parts;
  const former = formerWebhooks(await find(parts), memory);
  const tunnel = await open(target);
  const webhooks = webhooksAt(tunnel.url);
  let done: Promise<boolean> | undefined;
  const putBack = () => {
    done ??= restore(parts, webhooks, former).finally(() => tunnel.close());
    return done;
  };
  try {
    mkdirSync(dirname(memory), { recursive: true, mode: 0o700 });
    writePrivately(memory, JSON.stringify({ applicationId, tunnel: tunnel.url, webhooks: former }));
    await account.pointWebhooks(applicationId, webhooks);
  } catch (error) {
    // The change may have arrived anyway.
    await putBack();
    throw error;
  }
  return { url: tunnel.url, putBack };
}

async function find({ account, applicationId }: TunnelParts): Promise<Application> {
  const application = (await account.applications()).find((one) => one.id === applicationId);
  if (application === undefined) {
    throw new Error(`the account has no application ${applicationId}. For details, run "npm run doctor".`);
  }
  return application;
}

/** The webhooks to restore: the current ones, or those saved if an earlier tunnel could not restore them. */
function formerWebhooks({ id, webhooks }: Application, memory: string): VoiceWebhooks {
  const kept = recall(memory);
  const isLeftOver = kept?.applicationId === id && sameWebhooks(webhooks, webhooksAt(kept.tunnel));
  return isLeftOver ? kept.webhooks : webhooks;
}

function recall(memory: string): z.infer<typeof remembered> | undefined {
  if (!existsSync(memory)) return undefined;
  try {
    return remembered.parse(JSON.parse(readFileSync(memory, 'utf8')));
  } catch {
    return undefined;
  }
}

async function restore(parts: TunnelParts, ours: VoiceWebhooks, former: VoiceWebhooks): Promise<boolean> {
  const { account, applicationId, memory, say, pause } = parts;
  for (let left = TRIES; ; ) {
    try {
      const { webhooks } = await find(parts);
      if (sameWebhooks(webhooks, ours)) {
        await account.pointWebhooks(applicationId, former);
        say('The previous webhooks have been restored.');
      } else if (!sameWebhooks(webhooks, former)) {
        say('The webhooks were changed by someone else meanwhile, so they stay as they are.');
      }
      rmSync(memory, { force: true });
      return true;
    } catch (error) {
      left -= 1;
      if (left === 0) {
        const why = error instanceof Error ? error.message : String(error);
        say(`The webhooks could not be restored: ${why}.`);
        say(
          'They still point to the closed tunnel. To point them to PUBLIC_URL, run "npm run setup -- --force".',
        );
        say('Or run "npm run dev -- --tunnel" again: it restores them when it ends.');
        return false;
      }
      await pause(PAUSE_MS);
    }
  }
}
