import type { Server } from 'node:net';

/** How many further ports are tried. */
const TRIES = 100;

/**
 * Listens on `port`, or where that is taken and not fixed, on the next free one. Resolves with the port.
 * Rejects with words when no port can be had.
 */
export async function listen(server: Server, host: string, port: number, fixed: boolean): Promise<number> {
  const last = fixed || port === 0 ? port : Math.min(port + TRIES, 65_535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    const outcome = await tryPort(server, host, candidate);
    if (typeof outcome === 'number') return outcome;
    if (outcome !== 'EADDRINUSE') throw new Error(`Cannot listen on ${host}:${candidate} (${outcome}).`);
  }
  throw new Error(
    fixed
      ? `Port ${port} on ${host} is taken by another program. Stop that one, or choose another (EMULATOR_PORT).`
      : `Ports ${port} to ${last} on ${host} are all taken.`,
  );
}

function tryPort(server: Server, host: string, port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
