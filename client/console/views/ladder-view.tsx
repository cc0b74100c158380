import { Cloud, Headset, type IconNode, Phone, Server, TriangleAlert } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '../../../domain/calls/call.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { Rung } from '../ladder/ladder.ts';
import type { Party } from '../ladder/step-kind.ts';
import { usePage } from './context.ts';
import { issueId, StepView } from './step-view.tsx';
import { TalkView } from './talk-view.tsx';

const parties: readonly Party[] = ['caller', 'vonage', 'server', 'agent'];
const icons: Record<Party, IconNode> = { caller: Phone, vonage: Cloud, server: Server, agent: Headset };

/** Steps that are shown at once; nobody reads thousands, and a page can choke on them. */
const SHOWN_AT_ONCE = 200;

/**
 * All that happened in a call: for a screen reader a list of sentences, for the eye a ladder between four
 * lines beside them.
 */
export function LadderView({ call, rungs }: { call: Call; rungs: readonly Rung[] }) {
  const { strings } = usePage();
  const words = strings.value.ladder;
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const [issueShown, setIssueShown] = useState<string | null>(null);
  const flagged = rungs.filter((rung) => rung.type === 'step' && rung.flags.length > 0);
  const [firstIssue] = flagged;
  const { issueWanted } = usePage();
  const wanted = issueWanted.value;
  const seen = useRef(wanted);
  const names = { ...words.parties, ...(call.agent !== null && { agent: call.agent }) };

  useEffect(() => {
    if (wanted === seen.current) return;
    seen.current = wanted;
    if (firstIssue?.type !== 'step') return;
    if (rungs.indexOf(firstIssue) >= shown) setShown(Number.POSITIVE_INFINITY);
    setIssueShown(issueId(firstIssue));
  }, [wanted, firstIssue, rungs, shown]);

  // After the step is on the page: it may not have been among those that are shown at once.
  useEffect(() => {
    if (issueShown === null) return;
    const step = document.getElementById(issueShown);
    step?.scrollIntoView({ block: 'center' });
    step?.focus({ preventScroll: true });
    setIssueShown(null);
  }, [issueShown]);

  return (
    <section class="ladder" aria-labelledby="ladder-title">
      <div class="ladder__top">
        <h3 id="ladder-title" class="ladder__title">
          {words.title}
        </h3>
        {flagged.length > 0 && (
          <button
            type="button"
            class="button button--tool ladder__warnings"
            aria-keyshortcuts="i Alt+I"
            title={words.firstIssue}
            onClick={() => {
              issueWanted.value += 1;
            }}
          >
            <Icon icon={TriangleAlert} />
            {words.warnings(flagged.length)}
          </button>
        )}
      </div>
      <div class="ladder__parties" aria-hidden="true">
        <div class="graph graph--parties">
          {parties.map((party) => (
            <span key={party} class={`graph__party graph__party--${party}`}>
              <Icon icon={icons[party]} />
              <span>{names[party]}</span>
            </span>
          ))}
        </div>
      </div>
      <ol class="ladder__rungs">
        {rungs
          .slice(0, shown)
          .map((rung) =>
            rung.type === 'talk' ? (
              <TalkView key={rung.key} talk={rung} isLive={call.status !== 'ended'} />
            ) : (
              <StepView key={rung.key} step={rung} />
            ),
          )}
      </ol>
      {rungs.length > shown && (
        <button type="button" class="button" onClick={() => setShown(Number.POSITIVE_INFINITY)}>
          {words.more(rungs.length - shown)}
        </button>
      )}
    </section>
  );
}
