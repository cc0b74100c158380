import { CircleCheck, CircleX, Info } from 'lucide';
import { useId, useState } from 'preact/hooks';
import type { HistoryItem } from '../../../domain/api/history-api.ts';
import type { RingChain } from '../../../domain/desk/ring-chain.ts';
import { Icon } from '../../../ui/icon.tsx';
import { clockTime } from '../../../ui/time-words.ts';
import type { WorkspaceStrings } from '../../strings/workspace-en.ts';
import { directRing, type ShownChain } from './direct-ring.ts';
import { problemWords, useLoaded, useWorkspace } from './use-workspace.ts';

/** Why an agent did not hear a call: each step on its way to her, up to the first that was not made. */
export function WhyNoRing({ item, agent: name }: { item: HistoryItem; agent: string }) {
  const { agent, api, words } = useWorkspace();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const isAtDesk = agent.desk.isOn.value;

  async function load(): Promise<ShownChain | 'unknown'> {
    if (isAtDesk) {
      const chains = (await api.rings(item.call)).filter((chain) => chain.agent === name);
      const found = chains.findLast(({ broken }) => broken !== null) ?? chains.at(-1);
      return found ? shownOf(found) : 'unknown';
    }
    return directRing(await api.call(item.call), name, agent.log.entries.peek());
  }
  const chain = useLoaded(isOpen ? `ring ${item.call} ${name}` : null, load);

  return (
    <div class="why-no-ring">
      <button
        type="button"
        class="button button--text why-no-ring__button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {words.ring.why}
      </button>
      <div id={id} aria-live="polite">
        {isOpen && chain.value === null && (
          <p>{chain.error ? problemWords(words, chain.error) : words.loading}</p>
        )}
        {isOpen && chain.value === 'unknown' && <p>{words.ring.unknown}</p>}
        {isOpen && chain.value !== null && chain.value !== 'unknown' && <Chain chain={chain.value} />}
      </div>
    </div>
  );
}

function shownOf(chain: RingChain): ShownChain {
  return { ...chain, isLineDown: chain.presence === null || chain.presence.line === 'down' };
}

function Chain({ chain }: { chain: ShownChain }) {
  const { locale, words } = useWorkspace();
  const text = words.ring;
  const { broken, links } = chain;
  const end = broken === null ? links.length : links.findIndex(({ name }) => name === broken);
  return (
    <>
      <ol class="ring-chain">
        {links.slice(0, end).map(
          ({ name, at }) =>
            at !== null && (
              <li key={name} class="ring-chain__step">
                <Icon icon={CircleCheck} class="ring-chain__icon ring-chain__icon--made" />
                {text.links[name]}
                <time class="ring-chain__time" dateTime={new Date(at).toISOString()}>
                  {clockTime(at, locale.value)}
                </time>
              </li>
            ),
        )}
        {broken !== null && (
          <li class="ring-chain__step ring-chain__step--broken">
            <Icon icon={CircleX} class="ring-chain__icon" />
            {brokenWords(text, chain, broken)}
          </li>
        )}
        {notesOf(text, chain).map((note) => (
          <li key={note} class="ring-chain__step">
            <Icon icon={Info} class="ring-chain__icon" />
            {note}
          </li>
        ))}
      </ol>
      {broken === null && chain.sound === 'played' && <p>{text.rang}</p>}
    </>
  );
}

function brokenWords(
  text: WorkspaceStrings['ring'],
  { sound, reason, isLineDown }: ShownChain,
  broken: RingChain['links'][number]['name'],
): string {
  const what = broken === 'ring' && sound !== 'blocked' ? text.silent : text.broken[broken];
  if (broken === 'request' && reason !== null) {
    return `${what}: ${reason}`;
  }
  return isLineDown && broken !== 'ring' ? `${what}: ${text.lineDown}` : what;
}

/** What made it easy to miss. */
function notesOf(text: WorkspaceStrings['ring'], { tab, notice }: ShownChain): string[] {
  return [...(tab === 'hidden' ? [text.unseen] : []), ...(notice === 'off' ? [text.noNotice] : [])];
}
