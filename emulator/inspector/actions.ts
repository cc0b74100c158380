import { duration } from './amounts.ts';
import { curlOf } from './curl.ts';
import type { PageParts } from './views/context.ts';

/** Sends the request again that is looked at, where that can be, and says what came of it. */
export async function resendOpened({ inspector, strings, say }: PageParts): Promise<void> {
  const opened = inspector.opened.peek();
  if (opened.state !== 'there' || !opened.entry.repeatable) return;
  const { request } = strings;
  say(request.resending);
  try {
    const { status, took, error } = await inspector.resend(opened.entry.id);
    say(
      status === null
        ? request.resentNothing(error ?? '')
        : request.resent(String(status), duration(took ?? 0)),
    );
  } catch (error) {
    say(request.resendFailed(error instanceof Error ? error.message : String(error)));
  }
}

/** Copies the request that is looked at, as a command. */
export function copyOpenedAsCurl({ inspector, strings, copy }: PageParts): void {
  const opened = inspector.opened.peek();
  if (opened.state !== 'there') return;
  const { command, variables } = curlOf(opened.entry);
  const { curlCopied, copied } = strings.request;
  copy(command, variables.length > 0 ? curlCopied(variables.join(', ')) : copied);
}

/** Forgets all requests. */
export async function clearAll({ inspector, strings, say }: PageParts): Promise<void> {
  try {
    await inspector.clear();
    say(strings.cleared);
  } catch (error) {
    say(strings.clearFailed(error instanceof Error ? error.message : String(error)));
  }
}
