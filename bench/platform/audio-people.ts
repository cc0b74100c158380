import { once } from 'node:events';
import { io } from 'socket.io-client';
import { createMediaClock } from '../../emulator/media/clock.ts';
import { FRAME_MS } from '../../emulator/media/pcm.ts';
import { offerPeer } from '../../emulator/media/peer.ts';
import type { DialReply } from '../../emulator/phone/protocol.ts';
import { PHONE_SOCKET_PATH } from '../../emulator/phone/protocol.ts';
import { AppUser } from '../../test/integration/support/app-user.ts';
import type { PlatformAddress } from '../../test/integration/support/sdk-page.ts';
import { startSocketProgram } from '../../test/integration/support/socket-program.ts';
import type { Heard, Sound } from '../../test/integration/support/tone-line.ts';
import { createToneLine } from '../../test/integration/support/tone-line.ts';

/**
 * One side of all calls, in a process of its own: telephones that dial, users who answer, or programs that are called
 * by WebSocket. Telephones and users have real WebRTC, and the platform's own sockets. Told by their parent whom to
 * play, then to `reset` and to `report`. Who waits for a call says `ready` first, a program its address.
 */
export interface AudioPeople {
  platform: PlatformAddress;
  people: Person[];
}

/** The tones that someone sends and listens for, in Hz. */
export interface Tones {
  says: number;
  hears: number;
}

export type Person = Tones & ({ dials: string; from: string } | { user: string } | { rate: number });

export type PeopleReport = { heard: Heard[]; cpu: number };

const [work] = await once(process, 'message');
const { platform, people }: AudioPeople = work;
const clock = createMediaClock();
const lines = await Promise.all(
  people.map(async (person) => createToneLine(await soundOf(person), person.says, person.hears, clock)),
);
await Promise.all(lines.map((line) => line.connected));
process.on('message', (message) => {
  if (message === 'reset') for (const line of lines) line.reset();
  if (message !== 'report') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ heard: lines.map((line) => line.heard()), cpu: (user + system) / 1000 });
});
process.send?.('connected');

async function soundOf(person: Person): Promise<Sound> {
  if ('user' in person) return await answer(person.user);
  return 'rate' in person ? await takeBySocket(person.rate) : await dial(person.from, person.dials);
}

async function answer(name: string): Promise<Sound> {
  const user = await AppUser.open(platform, name);
  process.send?.('ready');
  return await user.answer();
}

/** A program receives audio in messages of 20 ms. */
async function takeBySocket(rate: number): Promise<Sound> {
  const program = await startSocketProgram();
  process.send?.(program.url);
  const frameBytes = (2 * rate * FRAME_MS) / 1000;
  let waiting: Buffer[] = [];
  return {
    rate,
    send(frame) {
      waiting.push(Buffer.from(frame.buffer));
      if (waiting.length < 2) return;
      program.send(Buffer.concat(waiting));
      waiting = [];
    },
    onFrame: (fn) =>
      clock.onTick(() => {
        for (const { buffer, byteOffset, length } of program.messages.splice(0)) {
          const end = byteOffset + length;
          for (let at = byteOffset; at < end; at += frameBytes)
            fn(new Int16Array(buffer.slice(at, at + frameBytes)));
        }
      }),
  };
}

async function dial(from: string, to: string): Promise<Sound> {
  const socket = io(platform.url, { path: PHONE_SOCKET_PATH, transports: ['websocket'], forceNew: true });
  const { peer, offer } = await offerPeer();
  const reply: DialReply = await socket.emitWithAck('dial', { from, to, offer: inLongPackets(offer) });
  if (!reply.ok || reply.answer === undefined) throw new Error('The call was not taken.');
  await peer.accept(reply.answer);
  return peer;
}

/** The offer with packets of 40 ms instead of 20 (RFC 8866, `ptime`), which the answer repeats. */
function inLongPackets(offer: string): string {
  return offer.replace(/^a=rtpmap:.*\r\n/m, '$&a=ptime:40\r\n');
}
