import { signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { usePage } from './context.ts';

type Workspace = typeof import('../workspace/workspace.tsx');

const loaded = signal<Workspace | 'failed' | null>(null);

/** Loads the part of the page that is not needed at first; again after it failed. */
export async function loadWorkspace(): Promise<void> {
  if (loaded.peek() === 'failed') {
    loaded.value = null;
  }
  try {
    loaded.value = await import('../workspace/workspace.tsx');
  } catch {
    loaded.value = 'failed';
  }
}

/** A view that is loaded when it is first shown. `isQuiet`: until then nothing is there. */
export function later<Props extends object>(
  pick: (workspace: Workspace) => FunctionComponent<Props>,
  { isQuiet = false } = {},
): FunctionComponent<Props> {
  return function Later(props: Props) {
    useEffect(() => {
      if (loaded.peek() === null) {
        void loadWorkspace();
      }
    }, []);
    const { value } = loaded;
    if (value === null || value === 'failed') {
      return isQuiet ? null : <NotLoaded hasFailed={value === 'failed'} />;
    }
    const View = pick(value);
    return <View {...props} />;
  };
}

function NotLoaded({ hasFailed }: { hasFailed: boolean }) {
  const { strings } = usePage();
  const words = strings.value.panes;
  return hasFailed ? (
    <div class="pane__state">
      <p>{words.failed}</p>
      <button type="button" class="button" onClick={() => void loadWorkspace()}>
        {strings.value.line.retry}
      </button>
    </div>
  ) : (
    <p class="pane__state" aria-busy="true">
      {words.loading}
    </p>
  );
}
