import { PauseCircle, TriangleAlert } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { ListKeysDialog, listenForListKeys } from '../../../ui/list-keys.tsx';
import { Entrance } from '../../session/entrance.tsx';
import { countOf, everything } from '../filter.ts';
import { CallListView } from './call-list-view.tsx';
import { CallPane } from './call-pane.tsx';
import { usePage } from './context.ts';
import { FilterBar } from './filter-bar.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';

/** The developer console: the calls on one side, what happened in one of them on the other. */
export function ConsolePage() {
  const { issueWanted, lastAgent, live, selection, singleKeys, strings } = usePage();
  const [isHelping, setHelping] = useState(false);
  const stage = live.session.stage.value;

  useEffect(() => {
    function move(lines: number): void {
      selection.move(lines);
      // There the line is seen, and Enter goes to its call; who reads a call goes on reading.
      if (document.activeElement === document.body) {
        document.querySelector<HTMLElement>('[role=listbox]')?.focus();
      }
    }
    function back(): void {
      const isInList = document.activeElement?.matches('[role=listbox]') ?? false;
      if (isInList && countOf(live.calls.filter.peek()) > 0) {
        live.calls.setFilter(everything);
      }
      selection.leave();
    }
    function toIssue(): void {
      issueWanted.value += 1;
    }
    return listenForListKeys(
      document,
      {
        next: () => move(1),
        previous: () => move(-1),
        search: () => document.querySelector<HTMLInputElement>('#search')?.focus(),
        pause: live.pause.toggle,
        help: () => setHelping(true),
        back,
      },
      singleKeys,
      { i: toIssue, 'Alt+KeyI': toIssue },
    );
  }, [issueWanted, live, selection, singleKeys]);

  return (
    <div class="page" data-open={live.openCall.id.value !== null || undefined}>
      <Header />
      {stage.name === 'signed-in' ? (
        <Calls />
      ) : (
        <Entrance session={live.session} forRole="developer" words={strings.value} lastAgent={lastAgent} />
      )}
      <Footer onShortcuts={() => setHelping(true)} />
      {isHelping && (
        <ListKeysDialog
          words={{ ...strings.value.shortcuts, close: strings.value.close }}
          singleKeys={singleKeys}
          others={[[['i', 'Alt I'], strings.value.ladder.firstIssue]]}
          onClose={() => setHelping(false)}
        />
      )}
    </div>
  );
}

function Calls() {
  return (
    <main class="main">
      <Notices />
      <FilterBar />
      <div class="panes">
        <CallListView />
        <CallPane />
      </div>
    </main>
  );
}

/** What is between the page and the truth. */
function Notices() {
  const { live, strings } = usePage();
  const words = strings.value.feed;
  const held = live.pause.held.value;
  return (
    <div class="notices">
      {held && (
        <p class="notice">
          <Icon icon={PauseCircle} />
          {words.held(held.events, held.calls)}
        </p>
      )}
      {live.feed.value === 'reconnecting' && (
        <p class="notice notice--trouble" role="alert">
          <Icon icon={TriangleAlert} />
          {words.lost}
        </p>
      )}
    </div>
  );
}
