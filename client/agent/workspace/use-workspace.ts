import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { failureOf } from '../../session/request.ts';
import { type WorkspaceStrings, workspaceEn } from '../../strings/workspace-en.ts';
import { workspaceEs } from '../../strings/workspace-es.ts';
import { usePage } from '../views/context.ts';
import { createWorkspaceApi, type WorkspaceApi } from './workspace-api.ts';

const texts = { en: workspaceEn, es: workspaceEs };

/** The page, and what its panes need beside it. */
export function useWorkspace() {
  const page = usePage();
  const { agent, language, request } = page;
  const isNamed = agent.line.session.value?.signIn === 'automatic';
  const name = isNamed ? agent.line.agent.value : null;
  const api: WorkspaceApi = useMemo(() => createWorkspaceApi(request, name), [request, name]);
  const words: WorkspaceStrings = texts[language.value];
  return { ...page, words, api };
}

interface Loaded<T> {
  /** What was loaded last; kept while it is loaded again. */
  value: T | null;
  /** Why the last attempt failed. */
  error: unknown;
  isLoading: boolean;
  reload: () => void;
  /** Replaces what was loaded, after the agent changed it. */
  set: (value: T) => void;
}

/** Loads something, and again whenever `key` changes; only the last answer counts. */
export function useLoaded<T>(key: string | null, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; value: T | null; error: unknown }>({
    key: null,
    value: null,
    error: null,
  });
  const [isLoading, setLoading] = useState(false);
  const attempt = useRef(0);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(() => {
    attempt.current += 1;
    const mine = attempt.current;
    if (key === null) {
      return;
    }
    setLoading(true);
    latest
      .current()
      .then((value) => ({ key, value, error: null }))
      .catch((error: unknown) => ({ key, value: null, error }))
      .then((next) => {
        if (attempt.current === mine) {
          setLoading(false);
          setState((before) => ({
            ...next,
            value: next.value ?? (before.key === key ? before.value : null),
          }));
        }
      });
  }, [key]);

  useEffect(() => {
    reload();
    return () => {
      attempt.current += 1;
    };
  }, [reload]);

  const isOf = state.key === key;
  return {
    value: isOf ? state.value : null,
    error: isOf ? state.error : null,
    isLoading: isLoading || (key !== null && !isOf),
    reload,
    set: (value) => setState({ key, value, error: null }),
  };
}

/** Why a request failed, for the agent. */
export function problemWords({ problems }: WorkspaceStrings, error: unknown): string {
  if (!navigator.onLine) {
    return problems.offline;
  }
  switch (failureOf(error)) {
    case 'unreachable':
      return problems.unreachable;
    case 'role-missing':
    case 'not-allowed':
    case 'sign-in-needed':
      return problems.notAllowed;
    default:
      return problems.other;
  }
}
