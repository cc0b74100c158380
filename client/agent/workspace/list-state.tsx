import { CloudOff } from 'lucide';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { problemWords, useWorkspace } from './use-workspace.ts';

interface ListStateProps {
  list: { value: unknown; error: unknown; isLoading: boolean; reload: () => void };
}

/** That a list is loading, or why it could not be loaded. It is loaded again when the network is back. */
export function ListState({ list: { value, error, isLoading, reload } }: ListStateProps) {
  const { words } = useWorkspace();
  useEffect(() => {
    window.addEventListener('online', reload);
    return () => window.removeEventListener('online', reload);
  }, [reload]);
  if (error !== null) {
    return (
      <div class="pane__state" aria-live="polite">
        <Icon icon={CloudOff} />
        <p>{problemWords(words, error)}</p>
        <button type="button" class="button button--small" aria-disabled={isLoading} onClick={reload}>
          {words.retry}
        </button>
      </div>
    );
  }
  return isLoading && value === null ? (
    <p class="pane__state" aria-busy="true">
      {words.loading}
    </p>
  ) : null;
}
