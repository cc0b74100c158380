import pg from 'pg';

/** Where servers tell each other how far the log goes. */
export const NEWS_CHANNEL = 'switchboard_entries';

/** Milliseconds between two looks at the log, by which a dead connection shows as well. */
const LOOK_MS = 5_000;

/** Milliseconds before a connection that failed is tried again. */
const RETRY_MS = 500;

const LOOK = 'select newest_entry_id as newest from counters';

type Listener = (newestEntryId: number) => void;

/**
 * Listens on a connection of its own, and asks how far the log goes as soon as it listens and from time to
 * time: what was said while the connection was broken is made up for.
 */
export function createNews(settings: pg.ClientConfig) {
  let listener: Listener | undefined;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(tell: Listener): Promise<void> {
    const fresh = new pg.Client(settings);
    client = fresh;
    fresh.on('error', () => lose(fresh, tell));
    fresh.on('end', () => lose(fresh, tell));
    fresh.on('notification', ({ payload }) => {
      // Anybody who may connect can say anything on the channel.
      if (/^\d{1,15}$/.test(payload ?? '')) tell(Number(payload));
    });
    try {
      await fresh.connect();
      await fresh.query(`listen ${NEWS_CHANNEL}`);
      await look(fresh, tell);
    } catch {
      lose(fresh, tell);
    }
  }

  async function look(connection: pg.Client, tell: Listener): Promise<void> {
    try {
      const { rows } = await connection.query<{ newest: number }>(LOOK);
      for (const { newest } of rows) tell(newest);
      if (client === connection) timer = setTimeout(() => void look(connection, tell), LOOK_MS);
    } catch {
      lose(connection, tell);
    }
  }

  /** Once for each connection, however often it is said to be broken. */
  function lose(connection: pg.Client, tell: Listener): void {
    if (client !== connection) return;
    client = undefined;
    clearTimeout(timer);
    connection.end().catch(() => {});
    if (!closed) timer = setTimeout(() => void connect(tell), RETRY_MS);
  }

  return {
    /** For one listener; there is one log. */
    listen(tell: Listener): void {
      if (listener !== undefined) throw new Error('Somebody listens already.');
      listener = tell;
      void connect(tell);
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}
