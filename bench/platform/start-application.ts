import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Arrival } from '../../test/support/arrivals.ts';

/** What an application received since the last report. */
export interface ApplicationReport {
  arrivals: Arrival[];
  /** Webhooks with an invalid signature. */
  forged: number;
}

export interface ApplicationProcess extends AsyncDisposable {
  readonly answerUrl: string;
  readonly eventUrl: string;
  /** Sets the secret that signs webhooks. */
  trust(secret: string): void;
  report(): Promise<ApplicationReport>;
}

/** Starts an application in its own process, so that its work does not count as the platform's. */
export async function startApplicationProcess(ncco: unknown): Promise<ApplicationProcess> {
  const child = fork(resolve(import.meta.dirname, 'application.ts'), [JSON.stringify(ncco)], {
    execArgv: [],
    serialization: 'advanced',
  });
  const [{ port }] = await once(child, 'message');
  const base = `http://127.0.0.1:${port}`;
  return {
    answerUrl: `${base}/answer`,
    eventUrl: `${base}/event`,
    trust: (secret) => void child.send(secret),
    async report() {
      const answer = once(child, 'message');
      child.send('report');
      const [report] = await answer;
      return report;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
