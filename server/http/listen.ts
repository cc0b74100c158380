import type { Server } from 'node:http';
import { isIPv6 } from 'node:net';

/** How many higher ports are tried if the default one is in use. */
const MORE_PORTS = 100;

interface ListenOptions {
  port: number;
  /** The port is configured: do not try others. */
  portIsFixed: boolean;
  /** Undefined: every interface. */
  host: string | undefined;
}

/**
 * Listens on the port, or on the next free one unless the port is configured. Returns the port. Throws an
 * Error with a readable message if there is none.
 */
export async function listen(server: Server, { port, portIsFixed, host }: ListenOptions): Promise<number> {
  const last = portIsFixed ? port : Math.min(port + MORE_PORTS, 65_535);
  for (let next = port; next <= last; next++) {
    const fault = await tryToListen(server, next, host);
    if (fault === undefined) {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : next;
    }
    if (fault === 'EACCES')
      throw new Error(`PORT ${next} cannot be used: only an administrator may open it.`);
    if (fault !== 'EADDRINUSE') throw new Error(`HOST ${host} cannot be listened on (${fault}).`);
  }
  throw new Error(
    portIsFixed
      ? `PORT ${port} is in use by another program. Stop that program, or set PORT to a free port.`
      : `All ports from ${port} to ${last} are taken. Set PORT to a free port.`,
  );
}

function tryToListen(server: Server, port: number, host: string | undefined): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const onError = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
  server.once('error', onError);
  server.listen({ port, ...(host !== undefined && { host }) }, () => {
    server.off('error', onError);
    resolve(undefined);
  });
  return promise;
}

/** The URL of a local server for a browser on the same machine. */
export function localUrl(host: string | undefined, port: number): string {
  const everywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
