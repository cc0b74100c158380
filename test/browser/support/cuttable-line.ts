import { connect, createServer, type Socket } from 'node:net';

/** A proxy between a browser and a local server, whose connections a test can cut. */
export interface CuttableLine extends AsyncDisposable {
  url: string;
  /** Target of new connections; can be set later if the server is not known yet. */
  target: string;
  /** Cuts every connection; new ones work. */
  cut(): void;
  /** Silently drops one direction of the existing connections. */
  swallow(direction: 'to-page' | 'to-server'): void;
  /** Cuts every connection, and rejects new ones until `mend`. */
  unplug(): void;
  mend(): void;
}

/** Opens a proxy to the server at `target`. */
export async function layLine(target: string): Promise<CuttableLine> {
  const ends = new Set<Socket>();
  const swallowed = { 'to-page': new Set<() => void>(), 'to-server': new Set<() => void>() };
  let plugged = true;
  const server = createServer((near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(line.target);
    const far = connect(Number(port), hostname);
    for (const [one, other, direction] of [
      [near, far, 'to-server'],
      [far, near, 'to-page'],
    ] as const) {
      const swallow = () => {
        one.unpipe(other);
        one.resume();
      };
      swallowed[direction].add(swallow);
      ends.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ends.delete(one);
        swallowed[direction].delete(swallow);
        other.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The line has no address.');
  const cut = () => {
    for (const end of ends) end.resetAndDestroy();
  };
  const line: CuttableLine = {
    target,
    url: `http://127.0.0.1:${address.port}`,
    cut,
    swallow(direction) {
      for (const swallow of swallowed[direction]) swallow();
    },
    unplug() {
      plugged = false;
      cut();
    },
    mend() {
      plugged = true;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
  return line;
}
