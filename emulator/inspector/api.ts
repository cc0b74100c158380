import type { Entry, RequestList } from '../traffic/entry.ts';

/** What the inspector asks the platform for. Each rejects with words for a person when that fails. */
export interface InspectorApi {
  /** The entries before one, newest first; of all where none is given. Only those that hold `text` somewhere. */
  list(query: { before?: number; text?: string }): Promise<RequestList>;
  /** Undefined where it is forgotten. */
  entry(id: number): Promise<Entry | undefined>;
  /** Sends a webhook again. Resolves with the new entry when it was answered. */
  resend(id: number): Promise<Entry>;
  clear(): Promise<void>;
}

const PAGE = '500';

/** @param base address of the log, without a slash at the end */
export function createApi(base: string, fetch: typeof globalThis.fetch): InspectorApi {
  async function ask(path: string, method = 'GET'): Promise<Response> {
    const answer = await fetch(`${base}${path}`, { method });
    if (answer.ok || answer.status === 404) return answer;
    throw new Error(await wordsOf(answer));
  }
  return {
    async list({ before, text }) {
      const query = new URLSearchParams({ limit: PAGE });
      if (before !== undefined) query.set('before', String(before));
      if (text) query.set('text', text);
      return (await ask(`?${query}`)).json();
    },
    async entry(id) {
      const answer = await ask(`/${id}`);
      return answer.ok ? answer.json() : undefined;
    },
    async resend(id) {
      const answer = await ask(`/${id}/resend`, 'POST');
      if (!answer.ok) throw new Error(await wordsOf(answer));
      return answer.json();
    },
    async clear() {
      await ask('', 'DELETE');
    },
  };
}

async function wordsOf(answer: Response): Promise<string> {
  const body: { error?: unknown } = await answer.json().catch(() => ({}));
  return typeof body.error === 'string' ? body.error : `HTTP ${answer.status}`;
}
