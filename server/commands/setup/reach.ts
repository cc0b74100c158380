import { z } from 'zod';
import type { Reached } from '../doctor/checks.ts';

/** Milliseconds in which the server must respond. */
const PROBE_MS = 10_000;

/** The response of `GET /healthz`, which distinguishes Switchboard from other servers. */
const health = z.object({ status: z.literal('ok') });

/** Checks whether an address reaches this server. */
export async function reach(publicUrl: string): Promise<Reached> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_MS),
      // Skips the page that ngrok shows to browsers first.
      headers: { 'ngrok-skip-browser-warning': 'yes' },
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok && health.safeParse(body).success) return { kind: 'switchboard' };
    return { kind: 'another', status: answer.status };
  } catch (error) {
    return { kind: 'nothing', why: reasonOf(error) };
  }
}

/** The code of the innermost cause, such as ENOTFOUND or CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer in ${PROBE_MS / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
