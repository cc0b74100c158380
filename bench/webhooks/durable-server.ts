import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import pg from 'pg';

/**
 * A server as in a tutorial, with a database: it commits each request to disk separately before answering. It
 * checks no signatures and knows no calls. Uses SQLite, or Postgres at DATABASE_URL.
 */
type Insert = (kind: string, body: unknown) => unknown;

const insert = process.env.DATABASE_URL ? await intoPostgres(process.env.DATABASE_URL) : intoSqlite();

function intoSqlite(): Insert {
  const database = new DatabaseSync('webhooks.db');
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec('create table webhooks (id integer primary key, kind text, received_at text, body text)');
  const statement = database.prepare('insert into webhooks (kind, received_at, body) values (?, ?, ?)');
  return (kind, body) => statement.run(kind, new Date().toISOString(), JSON.stringify(body));
}

async function intoPostgres(connectionString: string): Promise<Insert> {
  const pool = new pg.Pool({ connectionString });
  await pool.query(
    'create table webhooks (id bigserial primary key, kind text, received_at text, body text)',
  );
  return (kind, body) =>
    pool.query('insert into webhooks (kind, received_at, body) values ($1, $2, $3)', [
      kind,
      new Date().toISOString(),
      JSON.stringify(body),
    ]);
}

const app = express();
app.use(express.json());
app.get('/voice/answer', async (request, response) => {
  console.log('NCCO request:');
  console.log(`  - caller: ${request.query.from}`);
  console.log(`  - callee: ${request.query.to}`);
  console.log('---');
  await insert('answer', request.query);
  response.json([
    { action: 'talk', text: 'Please wait while we connect you to an agent' },
    { action: 'connect', from: request.query.from, endpoint: [{ type: 'app', user: 'Alice' }] },
  ]);
});
app.post('/voice/event', async (request, response) => {
  console.log('EVENT:');
  console.dir(request.body);
  console.log('---');
  await insert('event', request.body);
  response.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
