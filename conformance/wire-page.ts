import { io } from 'socket.io-client';
import { z } from 'zod';
import { createMediaClock } from '../emulator/media/clock.ts';
import { FRAME_SAMPLES, SAMPLE_RATE } from '../emulator/media/pcm.ts';
import { answerPeer, type MediaPeer, offerPeer } from '../emulator/media/peer.ts';
import type { Page, PageAccess, PageEvent } from './page.ts';
import { EAR_RATE } from './sound.ts';

/** What the platform tells of a call; other messages of the SDK's protocol are not needed here. */
const told = z.looseObject({
  cid: z.string().default(''),
  from: z.string().default(''),
  body: z
    .looseObject({
      id: z.string().optional(),
      member_id: z.string().optional(),
      sdp: z.string().optional(),
      channel: z
        .looseObject({
          id: z.string().optional(),
          from: z.looseObject({ number: z.string().optional(), user: z.string().optional() }).optional(),
        })
        .optional(),
      reason: z.looseObject({ code: z.string().optional() }).optional(),
    })
    .default({}),
});

interface Call {
  cid: string;
  member: string;
  offer: string;
  isJoined: boolean;
  peer: MediaPeer | undefined;
}

/** Milliseconds that the platform has for what it is asked. */
const PATIENCE = 10_000;
const RATIO = SAMPLE_RATE / EAR_RATE;

/** Opens a page that speaks the protocol of the Client SDK itself. Needs a platform with an address for both APIs. */
export async function openWirePage({ user, token, sdk }: PageAccess): Promise<Page> {
  if (!('apiUrl' in sdk))
    throw new Error('Pages without a browser need VONAGE_API_URL; use --pages browser.');
  const { apiUrl, websocketUrl } = sdk;
  const events: PageEvent[] = [];
  const calls = new Map<string, Call>();
  const joins = new Map<string, () => void>();
  const ears: { at: number; samples: Float32Array }[] = [];
  const clock = createMediaClock();
  const socket = io(websocketUrl, {
    path: '/v2/rtc',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    query: { token, SDK_version: '2.3.1', acknowledge_events: 'true' },
  });
  const { promise: opened, resolve: open, reject: refuse } = Promise.withResolvers<string>();
  socket.on('connect_error', () => refuse(new Error('The session of a page could not be opened.')));
  socket.onAny((type: string, message: unknown, acknowledge?: () => void) => {
    acknowledge?.();
    const parsed = told.safeParse(message);
    if (parsed.success) hear(type, parsed.data);
  });
  const silence = new Int16Array(FRAME_SAMPLES);
  const stopSpeaking = clock.onTick(() => {
    for (const { peer } of calls.values()) peer?.send(silence);
  });

  function hear(type: string, { cid, from, body }: z.infer<typeof told>): void {
    const { channel, member_id: member = from } = body;
    const call = channel?.id ?? '';
    const at = Date.now();
    if (type === 'session:success') open(body.id ?? '');
    else if (/^(system|session|user):error/.test(type)) refuse(new Error(`The platform said ${type}.`));
    else if (type === 'member:invited') {
      calls.set(call, { cid, member, offer: body.sdp ?? '', isJoined: false, peer: undefined });
      events.push({ name: 'invite', at, call, from: channel?.from?.number ?? channel?.from?.user ?? '' });
    } else if (type === 'member:joined') {
      // It can come after the end of the call that it is about.
      const join = joins.get(call);
      const known = calls.get(call) ?? (join && { offer: '', peer: undefined });
      if (known) calls.set(call, { ...known, cid, member, isJoined: true });
      join?.();
      joins.delete(call);
    } else if (type === 'rtc:transfer') {
      const known = calls.get(call);
      if (known) Object.assign(known, { cid, member: from });
    } else if (type === 'rtc:hangup') {
      const known = calls.get(call);
      const reason = body.reason?.code ?? '';
      if (known) events.push({ name: known.isJoined ? 'hangup' : 'cancel', at, call, reason });
      known?.peer?.close();
      calls.delete(call);
    }
  }

  async function rest(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}`);
    return { ...Object(JSON.parse((await answer.text()) || '{}')) };
  }

  function listenTo(peer: MediaPeer): void {
    peer.onFrame((frame) => {
      const samples = new Float32Array(frame.length / RATIO);
      for (let i = 0; i < samples.length; i += 1) {
        let sum = 0;
        for (let j = 0; j < RATIO; j += 1) sum += frame[i * RATIO + j] ?? 0;
        samples[i] = sum / RATIO / 32_768;
      }
      ears.push({ at: Date.now(), samples });
      if (ears.length > 6000) ears.splice(0, 1000);
    });
  }

  function known(call: string): Call {
    const found = calls.get(call);
    if (!found) throw new Error(`The page has no call ${call}.`);
    return found;
  }

  const leave = async (call: string, query = '') => {
    const { cid, member } = known(call);
    await rest('DELETE', `/v0.2/conversations/${cid}/members/${member}${query}`);
  };

  const deadline = setTimeout(
    () => refuse(new Error('The session of a page could not be opened.')),
    PATIENCE,
  );
  const session = await opened
    .catch((error: unknown) => {
      socket.disconnect();
      throw error;
    })
    .finally(() => clearTimeout(deadline));
  return {
    user,
    told: events,
    async answer(call) {
      const { cid, member, offer } = known(call);
      await rest('PUT', `/v0.3/conversations/${cid}/members/${member}`, {
        originating_session: session,
        channel: { type: 'app' },
        from: member,
        state: 'joined',
      });
      const { peer, answer } = await answerPeer(offer);
      listenTo(peer);
      known(call).peer = peer;
      await rest('POST', `/v0.3/conversations/${cid}/rtc/${call}/answer`, {
        originating_session: session,
        from: member,
        body: { answer },
      });
    },
    reject: (call) => leave(call, '?reason_code=REMOTE_REJECT&reason_text=call-rejected-by-callee'),
    hangUp: (call) => leave(call),
    async call(context) {
      const { peer, offer } = await offerPeer();
      listenTo(peer);
      const { rtc_id, sdp } = await rest('POST', '/v0.3/legs', {
        originating_session: session,
        body: { offer: { type: 'offer', sdp: offer } },
      });
      const call = String(rtc_id);
      const joined = new Promise<void>((done, failed) => {
        joins.set(call, done);
        setTimeout(() => failed(new Error('The call did not come about.')), PATIENCE).unref();
      });
      // Awaited below, if the call gets that far.
      joined.catch(() => {});
      await peer.accept(String(sdp));
      await rest('POST', '/v0.3/knocking', {
        originating_session: session,
        channel: {
          type: 'app',
          to: { type: 'phone', number: context.to ?? '' },
          from: { type: 'app', user },
          id: call,
        },
        properties: { custom_data: context },
      });
      await joined;
      known(call).peer = peer;
      return call;
    },
    async heard(from, to) {
      return ears.filter(({ at }) => at >= from && at <= to).flatMap(({ samples }) => [...samples]);
    },
    async [Symbol.asyncDispose]() {
      stopSpeaking();
      clock.close();
      for (const { peer } of calls.values()) peer?.close();
      socket.disconnect();
    },
  };
}
