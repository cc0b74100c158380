import { TriangleAlert } from 'lucide';
import type { Cause } from '../../../domain/desk/causes.ts';
import type { Control, FailedAction } from '../../../domain/desk/controls.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ApiCallError, failureOf } from '../../session/request.ts';
import { causeWords } from '../../strings/causes.ts';
import { messageOf } from '../message-of.ts';
import { useWorkspace } from './use-workspace.ts';

/** How long the page says that something failed after it was accepted (milliseconds). */
const SHOWN_MS = 60_000;

/** Why the desk refused; without words: it did not answer. */
function reasonOf(error: unknown): { words: string | null; cause?: Cause | undefined } {
  if (failureOf(error) === 'unreachable') {
    return { words: null };
  }
  return { words: messageOf(error), cause: error instanceof ApiCallError ? error.why : undefined };
}

/** Why a control did not work: the desk refused it, or it failed later. In a live region that is always there. */
export function Failure({ actions }: { actions?: readonly (Control['action'] | FailedAction)[] }) {
  const { agent, words } = useWorkspace();
  const asked = agent.desk.asked.value;
  const view = agent.desk.view.value;
  const later = view?.lastFailure;
  const refused = asked?.state === 'failed' ? asked : null;
  const isCurrent =
    later != null &&
    later.call === (view?.call?.id ?? view?.wrapUp?.call) &&
    later.at > Date.now() - SHOWN_MS;
  const failed = refused
    ? { action: refused.action, ...reasonOf(refused.error) }
    : isCurrent && asked === null && actions === undefined
      ? later
      : null;
  const isShown = failed !== null && (actions === undefined || actions.includes(failed.action));
  const isOnHold = view?.call?.heldSince != null;
  return (
    <div aria-live="assertive">
      {isShown && (
        <p class="note note--end">
          <Icon icon={TriangleAlert} />
          <span>
            {words.failed[failed.action]}:{' '}
            {failed.words === null ? (
              words.noAnswer
            ) : (
              <bdi>{causeWords(words.causes, failed.words, failed.cause, agent.nameOf)}</bdi>
            )}{' '}
            {isOnHold && words.stillOnHold}
          </span>
        </p>
      )}
    </div>
  );
}
