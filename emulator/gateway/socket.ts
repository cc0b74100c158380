import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import type { Directory } from '../provisioning/account.ts';
import type { Session, Sessions } from './sessions.ts';
import { checkUserToken } from './tokens.ts';

/** What the SDK reads from each refusal of a session (Client SDK 2.3.1). */
const REFUSALS = {
  'expired-token': 'system:error:expired-token',
  'invalid-token': 'system:error:invalid-token',
  'invalid-user': 'user:error:invalid-user',
  permission: 'system:error:permission',
  'max-sessions': 'session:error:max-open-sessions',
  'not-yours': 'session:invalid',
} as const;

interface SessionSocketParts {
  directory: Directory;
  sessions: Sessions;
  /** A page is there: give it what it should know. */
  onOpen: (session: Session) => void;
}

export const SESSION_SOCKET_PATH = '/v2/rtc';

/**
 * Listens for the Client SDK's socket: opens, resumes and ends sessions. Returns its close.
 * Only upgrades reach socket.io: the SDK also posts to a REST address below the same path.
 */
export function serveSessionSocket(http: HttpServer, parts: SessionSocketParts): () => Promise<void> {
  const upgrades = createServer();
  const io = new Server(upgrades, {
    path: SESSION_SOCKET_PATH,
    transports: ['websocket'],
    serveClient: false,
  });
  http.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith(`${SESSION_SOCKET_PATH}/`)) upgrades.emit('upgrade', request, socket, head);
  });
  io.on('connection', (socket) => {
    void admit(socket, parts);
  });
  return async () => {
    await io.close();
  };
}

async function admit(socket: Socket, { directory, sessions, onOpen }: SessionSocketParts): Promise<void> {
  const { token, session_id: wanted, SDK_version: version, acknowledge_events } = socket.handshake.query;
  const refuse = (why: keyof typeof REFUSALS) => {
    socket.emit(REFUSALS[why], {});
    // A page that opens a session closes a refused socket by itself. A socket that reconnects by itself
    // heeds no refusal; a disconnect it takes for an expired token, and gets a new one.
    if (version === undefined) socket.disconnect();
  };

  const check = await checkUserToken(typeof token === 'string' ? token : '', directory);
  if (!check.ok) return void refuse(check.fault);
  // The page may have gone meanwhile; nobody would notice later.
  if (!socket.connected) return;
  const { holder } = check;

  const earlier = typeof wanted === 'string' ? sessions.byId(wanted) : undefined;
  if (earlier && earlier.holder.user.id !== holder.user.id) return void refuse('not-yours');
  // A socket that reconnects by itself sends no version and takes its session over. A page that asks for a
  // session whose own page is still there, such as a duplicated tab, gets one of its own.
  const resumed = earlier && (version === undefined || !earlier.connected) ? earlier : undefined;
  const session = resumed ?? sessions.open(holder, acknowledge_events === 'true');
  if (!session) return void refuse('max-sessions');

  socket.on('session:logout', () => sessions.end(session.id));
  session.livesUntil(holder.expiresAt);
  session.attach(socket, {
    id: session.id,
    user_id: holder.user.id,
    name: holder.user.name,
    api_key: holder.application.apiKey,
  });
  if (!resumed) onOpen(session);
}
