import { once } from 'node:events';
import { io } from 'socket.io-client';
import { createMediaClock } from '../../emulator/media/clock.ts';
import { createL16Decoder, createL16Encoder } from '../../emulator/media/l16.ts';
import { offerPeer } from '../../emulator/media/peer.ts';
import type { DialReply } from '../../emulator/phone/protocol.ts';
import { PHONE_SOCKET_PATH } from '../../emulator/phone/protocol.ts';
import { AppUser } from '../../test/integration/support/app-user.ts';
import type { PlatformAddress } from '../../test/integration/support/sdk-page.ts';
import { startSocketProgram } from '../../test/integration/support/socket-program.ts';
import type { Heard, Sound } from './tone-line.ts';
import { createToneLine } from './tone-line.ts';

/**
 * One side of all calls, in a process of its own: telephones that dial, users who answer, or programs that are called
 * by WebSocket. Telephones and users have real WebRTC, and the platform's own sockets. Told by their parent whom to
 * play, then to `reset` and to `report`. Who waits for a call says `ready` first, a program its address.
 */
export interface AudioPeople {
  platform: PlatformAddress;
  people: Person[];
}

/** What somebody says and listens for, in Hz. */
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

async function takeBySocket(rate: number): Promise<Sound> {
  const program = await startSocketProgram();
  process.send?.(program.url);
  const encode = createL16Encoder(rate);
  const decode = createL16Decoder(rate);
  return {
    send(frame) {
      const message = encode(frame);
      if (message) program.send(message);
    },
    onFrame: (fn) =>
      clock.onTick(() => {
        for (const message of program.messages.splice(0)) for (const frame of decode(message)) fn(frame);
      }),
  };
}

async function dial(from: string, to: string): Promise<Sound> {
  const socket = io(platform.url, { path: PHONE_SOCKET_PATH, transports: ['websocket'], forceNew: true });
  const { peer, offer } = await offerPeer();
  const reply: DialReply = await socket.emitWithAck('dial', { from, to, offer });
  if (!reply.ok || reply.answer === undefined) throw new Error('The call was not taken.');
  await peer.accept(reply.answer);
  return peer;
}
