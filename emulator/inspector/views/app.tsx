import { useEffect, useState } from 'preact/hooks';
import { copyOpenedAsCurl, resendOpened } from '../actions.ts';
import { EVERYTHING } from '../filter.ts';
import { listenForShortcuts } from '../shortcuts.ts';
import { usePage } from './context.ts';
import { FilterBar } from './filter-bar.tsx';
import { Header } from './header.tsx';
import { Keys } from './keys.tsx';
import { LIST_ID, RequestList } from './request-list.tsx';
import { REQUEST_ID, RequestView } from './request-view.tsx';

export const SEARCH_ID = 'search';

/** The whole inspector: the requests on one side, one of them on the other. */
export function App() {
  const page = usePage();
  const { inspector, isReading, lettersAllowed, said, strings } = page;
  const [areKeysShown, showKeys] = useState(false);

  useEffect(
    () =>
      listenForShortcuts(
        document,
        {
          move: inspector.move,
          search: () => document.getElementById(SEARCH_ID)?.focus(),
          leave() {
            if (!isReading.peek() && inspector.filter.peek().call) inspector.filter.value = EVERYTHING;
            isReading.value = false;
            document.getElementById(LIST_ID)?.focus();
          },
          resend: () => void resendOpened(page),
          copyCurl: () => copyOpenedAsCurl(page),
          togglePause: inspector.togglePause,
          help: () => showKeys(true),
        },
        () => lettersAllowed.peek(),
      ),
    [page, inspector, isReading, lettersAllowed],
  );

  useEffect(() => {
    if (isReading.value) document.getElementById(REQUEST_ID)?.focus();
  }, [isReading.value]);

  return (
    <div class="page" data-reading={isReading.value || undefined}>
      <Header onKeys={() => showKeys(true)} />
      <main class="main">
        {inspector.connection.value === 'lost' && (
          <p class="notice" role="alert">
            {strings.page.lostNote}
          </p>
        )}
        <FilterBar />
        <div class="panes">
          <RequestList />
          <RequestView />
        </div>
      </main>
      <p class="said" role="status" data-shown={said.value !== '' || undefined}>
        {said.value}
      </p>
      {areKeysShown && <Keys onClose={() => showKeys(false)} />}
    </div>
  );
}
