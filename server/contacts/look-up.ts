import { z } from 'zod';
import { isLink, MOST_CHARACTERS, storable, tidy } from '../../domain/contacts/contact.ts';
import type { Clock } from '../clock.ts';
import { StoreUnavailable } from '../store/store-unavailable.ts';
import { createRepeatedWarnings } from '../terminal/repeated-warnings.ts';
import type { Contacts } from './contacts.ts';
import { numberIn } from './phone-numbers.ts';

/** Asks CONTACT_LOOKUP_URL who calls, while the caller hears the greeting. */
export interface LookUp {
  /** A call has arrived. Returns at once. */
  callArrived(from: string | undefined): void;
  /** Whether a request is under way, or waits. */
  busy(): boolean;
  /** Ends requests that are under way, and prints the remaining warnings. */
  close(): void;
}

interface LookUpOptions {
  url: string;
  contacts: Contacts;
  clock: Clock;
  /** Prints a warning. */
  print: (line: string) => void;
  /** Milliseconds for an answer. */
  timeLimit?: number;
}

/** Requests at once. More callers wait their turn, up to a limit: after that, the agent has answered anyway. */
const MOST_AT_ONCE = 8;
const MOST_WAITING = 100;
const LARGEST_ANSWER = 64 * 1024;
/** Milliseconds after which a contact that was looked up is looked up again. */
const FRESH_MS = 24 * 3_600_000;

function field(name: 'name' | 'company' | 'link') {
  return z.string().max(MOST_CHARACTERS[name]).nullish().transform(tidy);
}

const note = z.string().max(MOST_CHARACTERS.note).transform(storable);

const answerBody = z.object({
  name: field('name'),
  company: field('company'),
  link: field('link').refine((text) => text === null || isLink(text)),
  notes: z
    .union([note.transform((text) => [text]), z.array(note).max(20)])
    .nullish()
    .transform((notes) => (notes ?? []).filter((text) => text.trim() !== '')),
});

export function createLookUp({ url, contacts, clock, print, timeLimit = 1_000 }: LookUpOptions): LookUp {
  const warnings = createRepeatedWarnings({
    print,
    inWords: (count, reason) =>
      `CONTACT_LOOKUP_URL failed ${count.toLocaleString('en')} more times in the last minute: ${reason}.`,
  });
  const stop = new AbortController();
  /** Numbers that are looked up, or wait for it. */
  const numbers = new Set<string>();
  const waiting: string[] = [];
  let running = 0;

  function next(): void {
    const number = running < MOST_AT_ONCE ? waiting.shift() : undefined;
    if (number === undefined) return;
    running += 1;
    const work = lookUp(number).catch((error: unknown) => {
      // The store logs its own failure.
      if (error instanceof StoreUnavailable || stop.signal.aborted) return;
      const reason = error instanceof Fault ? error.message : 'it could not be reached';
      warnings.warn(reason, `CONTACT_LOOKUP_URL did not say who calls: ${reason}.`);
    });
    void clock.during(work).finally(() => {
      running -= 1;
      numbers.delete(number);
      next();
    });
  }

  async function lookUp(number: string): Promise<void> {
    const known = await contacts.find(number);
    if (known !== undefined) {
      const isWritten = known.changedBy !== null;
      const isFound = known.name !== null || known.company !== null || known.link !== null;
      if (isWritten || (isFound && clock.now() - known.changedAt < FRESH_MS)) return;
    }
    const found = await ask(number);
    if (found === undefined) return;
    const { notes, ...fields } = found;
    await contacts.found(number, fields, notes);
  }

  /** Undefined: nobody is known by this number. */
  async function ask(number: string): Promise<z.infer<typeof answerBody> | undefined> {
    // The clock of a test may stand still meanwhile; the network does not.
    const tooLate = AbortSignal.timeout(timeLimit);
    try {
      const address = new URL(url);
      address.searchParams.set('number', `+${number}`);
      const response = await fetch(address, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.any([tooLate, stop.signal]),
      });
      const body = await bodyOf(response);
      if (response.status === 404 || response.status === 204) return undefined;
      if (!response.ok) throw new Fault(`it answered with status ${response.status}`);
      return read(body);
    } catch (error) {
      throw tooLate.aborted ? new Fault(`it took longer than ${timeLimit / 1_000} s`) : error;
    }
  }

  return {
    callArrived(from) {
      const number = from === undefined ? undefined : numberIn(from);
      if (number === undefined || stop.signal.aborted || numbers.has(number)) return;
      if (waiting.length >= MOST_WAITING) {
        const reason = `more than ${MOST_WAITING} callers wait to be looked up`;
        warnings.warn(reason, `CONTACT_LOOKUP_URL did not say who calls: ${reason}.`);
        return;
      }
      numbers.add(number);
      waiting.push(number);
      next();
    },
    busy: () => numbers.size > 0,
    close() {
      stop.abort();
      waiting.length = 0;
      warnings.close();
    },
  };
}

/** What is wrong with an answer. There are few of them, because each is a kind of warning. */
class Fault extends Error {}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // Leaving the loop closes the connection.
    if (size > LARGEST_ANSWER) throw new Fault(`its answer is larger than ${LARGEST_ANSWER / 1024} kB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function read(body: string): z.infer<typeof answerBody> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Fault('its answer is not JSON');
  }
  const answer = answerBody.safeParse(json);
  if (answer.success) return answer.data;
  const field = answer.error.issues[0]?.path[0];
  throw new Fault(
    typeof field === 'string' ? `its answer has a wrong ${field}` : 'its answer is not an object',
  );
}
