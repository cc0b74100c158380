import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectByPort, connectInThread, type SqliteConnection, SqliteError } from './sqlite-connection.ts';

/** A connection in a thread, and another thread's way to it. */
async function openShared() {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-shared-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = connectInThread({ path: join(folder, 'shared.db'), to: 'write' });
  const port = own.share?.();
  if (port === undefined) throw new Error('It cannot be shared.');
  onTestFinished(() => port.close());
  await write(own, 'create table words (word text)');
  return { own, other: connectByPort(port), port };
}

const ask = (connection: SqliteConnection, sql: string) =>
  connection.ask<{ word: string }>({ do: 'query', sql, parameters: [] });

async function write(connection: SqliteConnection, ...statements: string[]): Promise<void> {
  await connection.ask({ do: 'begin' });
  for (const sql of statements) await ask(connection, sql);
  await connection.ask({ do: 'commit' });
}

async function wordsOf(connection: SqliteConnection): Promise<string[]> {
  await connection.ask({ do: 'begin' });
  const { rows } = await ask(connection, 'select word from words');
  await connection.ask({ do: 'commit' });
  return rows.map(({ word }) => word);
}

const closing = (own: SqliteConnection) => onTestFinished(() => own.close());

it('is written by two, one transaction after the other', async () => {
  const { own, other } = await openShared();
  closing(own);
  await own.ask({ do: 'begin' });
  await ask(own, "insert into words values ('one')");
  // Comes while the first goes on.
  const meanwhile = write(other, "insert into words values ('three')");
  await ask(own, "insert into words values ('two')");
  await own.ask({ do: 'commit' });
  await meanwhile;
  expect(await wordsOf(own)).toEqual(['one', 'two', 'three']);
});

it('undoes what one began who left, and goes on with the other', async () => {
  const { own, other, port } = await openShared();
  closing(own);
  await other.ask({ do: 'begin' });
  await ask(other, "insert into words values ('half')");
  const meanwhile = write(own, "insert into words values ('whole')");
  port.close();
  await meanwhile;
  expect(await wordsOf(own)).toEqual(['whole']);
});

it('tells who shares it when its thread ends, whatever he had begun', async () => {
  const { own, other } = await openShared();
  await other.ask({ do: 'begin' });
  await own.close();
  await expect(ask(other, 'select word from words')).rejects.toThrow(SqliteError);
});
