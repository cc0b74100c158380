import type { Belief } from '../belief.ts';
import type { Stage } from '../stage.ts';
import { type Arrival, payloadHash } from '../webhook-server.ts';

/** How webhooks are sent, signed and tried again, and what they carry. */
export const webhooks: Belief[] = [
  {
    id: 'answer-503-retried',
    sentence: 'An answer URL that replies 503 is asked once more, for the same uuid',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      await stage.calls(stage.pages[0], () =>
        stage.arrivals('/answer').length === 1 ? { status: 503 } : { body: stage.wait() },
      );
      await stage.sees(() => stage.arrivals('/answer').length > 1);
      await stage.quiet();
      return { isSame: isRepeat(stage), seen: repeats(stage) };
    },
  },
  {
    id: 'answer-slow-retried',
    sentence: 'An answer URL that is slower than its socket_timeout is asked once more, for the same uuid',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      await stage.calls(stage.pages[0], () =>
        stage.arrivals('/answer').length === 1
          ? { body: stage.wait(), after: ANSWER_PATIENCE + 1500 }
          : { body: stage.wait() },
      );
      await stage.sees(() => stage.arrivals('/answer').length > 1, ANSWER_PATIENCE + stage.pace.patience);
      await stage.quiet();
      return { isSame: isRepeat(stage), seen: repeats(stage) };
    },
  },
  {
    id: 'answer-500-fallback',
    sentence: 'An answer URL that replies 500 is not asked again; the fallback URL is, once',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      await stage.calls(stage.pages[0], () => ({ status: 500 }));
      await stage.sees(() => stage.arrivals('/fallback').length > 0);
      await stage.quiet();
      const [asked, fallback] = ['/answer', '/fallback'].map((path) => stage.arrivals(path).length);
      return {
        isSame: asked === 1 && fallback === 1,
        seen: `answer URL asked ${times(asked)}, fallback URL ${times(fallback)}`,
      };
    },
  },
  {
    id: 'fallback-fields',
    sentence: 'The fallback URL is told the reason, and the URL and method of the original request',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      await stage.calls(stage.pages[0], () => ({ status: 404 }));
      const { payload } = await stage.needs(
        'a request of the fallback URL',
        () => stage.arrivals('/fallback')[0],
      );
      const { reason, original_request: given } = payload;
      const original = Object(typeof given === 'string' ? parse(given) : given);
      const isSame =
        typeof reason === 'string' && original.type === 'GET' && original.url === stage.url('/answer');
      const seen = `reason ${typeof reason === 'string' ? 'given' : 'missing'}, original_request with ${Object.keys(original).join(', ') || 'nothing'}`;
      return { isSame, seen };
    },
  },
  {
    id: 'event-503-retried',
    sentence: 'An event URL that replies 503 gets the event once more, with the same body',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      const started = await postWithEvents(stage, (count) => ({ status: count === 1 ? 503 : 200 }));
      await stage.sees(() => started().length > 1);
      await stage.quiet();
      const bodies = new Set(started().map(({ body }) => body));
      return {
        isSame: started().length === 2 && bodies.size === 1,
        seen: `sent ${times(started().length)}, ${bodies.size === 1 ? 'with one body' : 'with different bodies'}`,
      };
    },
  },
  {
    id: 'event-500-not-retried',
    sentence: 'An event URL that replies 500 does not get the event again',
    source: 'document: Voice webhook reference',
    async attempt(stage) {
      const started = await postWithEvents(stage, () => ({ status: 500 }));
      await stage.needs('a "started"', () => started().length > 0);
      await stage.quiet();
      return { isSame: started().length === 1, seen: `sent ${times(started().length)}` };
    },
  },
  {
    id: 'post-hash',
    sentence: 'The payload_hash of a signed POST is the SHA-256 of its body as sent',
    source: 'document: signed webhooks',
    async attempt(stage) {
      const leg = await stage.post(stage.pages[0]);
      const { claims, body } = await stage.needs('an event by POST', () =>
        stage.events(leg).find(({ method }) => method === 'POST'),
      );
      if (!claims) return { isSame: false, seen: 'the event is not signed' };
      const isSame = claims.payload_hash === payloadHash(body);
      return { isSame, seen: isSame ? 'the hash of the body' : `another hash, or none (${names(claims)})` };
    },
  },
  {
    id: 'get-hash-own-query',
    sentence:
      'The payload_hash of a signed GET is the SHA-256 of JSON.stringify of the whole query, with the parameters of our address',
    source: 'document: signed webhooks; that our own parameters count is assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      stage.replies('/own-query', () => ({ body: stage.wait() }));
      await stage.post(user, {
        answer_url: [stage.url('/own-query?own=a%20b&turn=7')],
        answer_method: 'GET',
      });
      await stage.answer(user, await stage.invitation(user));
      const { claims, query } = await stage.needs(
        'a request of the answer URL',
        () => stage.arrivals('/own-query')[0],
      );
      if (!claims) return { isSame: false, seen: 'the request is not signed' };
      const all = [...query];
      const theirs = all.filter(([name]) => name !== 'own' && name !== 'turn');
      const hash = (entries: [string, string][]) => payloadHash(JSON.stringify(Object.fromEntries(entries)));
      const isSame = claims.payload_hash === hash(all);
      const isTheirs = claims.payload_hash === hash(theirs);
      const other = isTheirs
        ? 'the hash of their parameters alone'
        : `another hash, or none (${names(claims)})`;
      return { isSame, seen: isSame ? 'the hash of the whole query' : other };
    },
  },
  {
    id: 'transfer-fetch-signed',
    sentence: 'The request for the NCCO of a transfer is a signed GET, with the uuid of the leg',
    source: 'assumed',
    async attempt(stage) {
      const leg = await stage.answered(stage.pages[0]);
      stage.replies('/next', () => ({ body: stage.wait() }));
      await stage.transfer(leg, { url: [stage.url('/next')] });
      const { method, claims, payload } = await stage.needs(
        'a request for the NCCO',
        () => stage.arrivals('/next')[0],
      );
      const hasLeg = payload.uuid === leg;
      return {
        isSame: method === 'GET' && claims !== undefined && hasLeg,
        seen: `${method}, ${claims ? 'signed' : 'not signed'}, ${hasLeg ? 'with' : 'without'} the uuid`,
      };
    },
  },
  {
    id: 'server-call-fields',
    sentence: 'The answer webhook of serverCall() without `to` has from_user, and neither from nor to',
    source: 'document: Client SDK guide; that `to` is absent is assumed',
    async attempt(stage) {
      const [user] = stage.pages;
      await stage.calls(user, () => ({ body: stage.wait() }), { note: 'nobody' });
      const payload = stage.arrivals('/answer')[0]?.payload ?? {};
      const isSame = payload.from_user === user.user && !('from' in payload) && !('to' in payload);
      return { isSame, seen: Object.keys(payload).join(', ') };
    },
  },
  {
    id: 'custom-data',
    sentence:
      'The answer webhook of serverCall() has `to`, and custom_data with all that the page passed, also `to`',
    source: 'document: Client SDK guide; that it includes `to` is assumed',
    async attempt(stage) {
      const context = { to: '447700900123', note: 'a & b' };
      await stage.calls(stage.pages[0], () => ({ body: stage.wait() }), context);
      const { to, custom_data: given } = stage.arrivals('/answer')[0]?.payload ?? {};
      const data = Object(typeof given === 'string' ? parse(given) : given);
      const isSame = to === context.to && data.to === context.to && data.note === context.note;
      return {
        isSame,
        seen: `to "${String(to)}", custom_data with ${Object.keys(data).join(', ') || 'nothing'}`,
      };
    },
  },
  {
    id: 'server-call-answered-first',
    sentence: 'A call by serverCall() is answered before the answer URL has replied',
    source: 'assumed',
    async attempt(stage) {
      const delay = ANSWER_PATIENCE - 500;
      const leg = await stage.calls(stage.pages[0], () => ({ body: stage.wait(), after: delay }));
      const asked = stage.arrivals('/answer')[0]?.at ?? 0;
      await stage.sees(() => stage.statuses(leg).includes('answered'));
      const answered = stage.events(leg).find(({ payload }) => payload.status === 'answered');
      if (!answered) return { isSame: false, seen: 'no answered' };
      const isSame = answered.at < asked + delay;
      return { isSame, seen: `answered came ${isSame ? 'before' : 'after'} the reply` };
    },
  },
];

/** Milliseconds that the application gives its answer URL. */
export const ANSWER_PATIENCE = 2000;

/** Calls a user, with an event URL of its own. @returns the arrivals of "started" there */
async function postWithEvents(
  stage: Stage,
  reply: (count: number) => { status: number },
): Promise<() => Arrival[]> {
  const started = () => stage.arrivals('/own-events').filter(({ payload }) => payload.status === 'started');
  stage.replies('/own-events', ({ payload }) =>
    payload.status === 'started' ? reply(started().length) : { status: 200 },
  );
  await stage.post(stage.pages[0], { ncco: stage.wait(), event_url: [stage.url('/own-events')] });
  return started;
}

/** Whether the answer URL was asked twice, for the same leg. */
function isRepeat(stage: Stage): boolean {
  const [first, second, ...more] = stage.arrivals('/answer');
  return second !== undefined && more.length === 0 && first?.payload.uuid === second.payload.uuid;
}

function repeats(stage: Stage): string {
  const asked = stage.arrivals('/answer');
  const legs = new Set(asked.map(({ payload }) => payload.uuid)).size;
  return `asked ${times(asked.length)}, for ${legs === 1 ? 'one uuid' : `${legs} uuids`}`;
}

function times(count = 0): string {
  return ['never', 'once', 'twice'][count] ?? `${count} times`;
}

function names(claims: object): string {
  return `claims ${Object.keys(claims).join(', ')}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
