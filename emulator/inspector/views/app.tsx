import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { ListKeysDialog, listenForListKeys } from '../../../ui/list-keys.tsx';
import { copyOpenedAsCurl, resendOpened } from '../actions.ts';
import { EVERYTHING } from '../filter.ts';
import { usePage } from './context.ts';
import { FilterBar } from './filter-bar.tsx';
import { Header } from './header.tsx';
import { focusOn, LIST_ID, REQUEST_ID, SEARCH_ID } from './ids.ts';
import { RequestList } from './request-list.tsx';
import { RequestView } from './request-view.tsx';

/** The whole inspector: the requests on one side, one of them on the other. */
export function App() {
  const page = usePage();
  const { inspector, isReading, said, singleKeys, strings } = page;
  const [areKeysShown, showKeys] = useState(false);

  useLayoutEffect(() => {
    function move(rows: number): void {
      inspector.move(rows);
      // There Enter reads it.
      focusOn(LIST_ID);
    }
    return listenForListKeys(
      document,
      {
        next: () => move(1),
        previous: () => move(-1),
        search() {
          isReading.value = false;
          focusOn(SEARCH_ID);
        },
        pause: inspector.togglePause,
        help: () => showKeys(true),
        back() {
          if (!isReading.peek()) inspector.filter.value = EVERYTHING;
          isReading.value = false;
          focusOn(LIST_ID);
        },
      },
      singleKeys,
      { r: () => void resendOpened(page), c: () => copyOpenedAsCurl(page) },
    );
  }, [page, inspector, isReading, singleKeys]);

  useEffect(() => {
    // Where the request has taken the place of the list, the focus must not stay with what is gone.
    if (isReading.value && !document.getElementById(LIST_ID)?.checkVisibility()) focusOn(REQUEST_ID);
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
      {areKeysShown && (
        <ListKeysDialog
          words={strings.keys}
          singleKeys={singleKeys}
          others={[
            [['r'], strings.keys.resend],
            [['c'], strings.keys.curl],
          ]}
          onClose={() => showKeys(false)}
        />
      )}
    </div>
  );
}
