import type wrtc from '@roamhq/wrtc';

let ready: Promise<typeof wrtc> | undefined;

/**
 * The WebRTC engine, loaded when the first peer is made: 11 ms, and 20 MB that headless calls do without.
 * @throws Error when its binary does not load on this machine.
 */
export function loadWrtc(): Promise<typeof wrtc> {
  ready ??= load();
  return ready;
}

async function load(): Promise<typeof wrtc> {
  const module = await import('@roamhq/wrtc').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The emulator's audio needs the npm package @roamhq/wrtc, which does not load here: ${reason}`,
    );
  });
  // wrtc 0.10 crashes (SIGSEGV) while Node frees what is left of an audio source at the end of a process,
  // also when all was closed. process.exit ends the process without that.
  process.once('beforeExit', (code) => process.exit(code));
  return module.default;
}
