import pg from 'pg';

/** Channel on which servers announce the newest entry. */
export const NEWS_CHANNEL = 'switchboard_entries';

/** Milliseconds between two polls of the log, which also detect a dead connection. */
const LOOK_MS = 5_000;

/** Milliseconds before a failed connection is retried. */
const RETRY_MS = 500;

const LOOK = 'select newest_entry_id as newest from counters';

type Listener = (newestEntryId: number) => void;

/**
 * Listens on its own connection. It also polls the newest entry, at once and then regularly, to catch up on
 * notifications missed while the connection was broken.
 */
export function createNews(settings: pg.ClientConfig) {
  const listeners = new Set<Listener>();
  const tell: Listener = (newest) => {
    for (const listener of listeners) listener(newest);
  };
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function connect(tell: Listener): Promise<void> {
    const fresh = new pg.Client(settings);
    client = fresh;
    fresh.on('error', () => lose(fresh, tell));
    fresh.on('end', () => lose(fresh, tell));
    fresh.on('notification', ({ payload }) => {
      // Any client of the database can send anything on this channel.
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

  /** Runs once per connection, however many errors it reports. */
  function lose(connection: pg.Client, tell: Listener): void {
    if (client !== connection) return;
    client = undefined;
    clearTimeout(timer);
    connection.end().catch(() => {});
    if (!closed) timer = setTimeout(() => void connect(tell), RETRY_MS);
  }

  return {
    listen(listener: Listener): void {
      listeners.add(listener);
      if (listeners.size === 1) void connect(tell);
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
