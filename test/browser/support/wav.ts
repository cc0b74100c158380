import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = 48_000;

/** Length and gap of a microphone's pulses, seconds. Three seconds must be a multiple of their sum. */
export interface Pulses {
  on: number;
  off: number;
}

/**
 * A microphone's sound: pulses of one tone. Browsers suppress a steady tone as noise; pulses get through.
 * @param hertz a multiple of 10, so that the file loops without a click.
 */
export function pulsedTone(hertz: number, { on, off }: Pulses = { on: 0.2, off: 0.1 }): Buffer {
  const seconds = 3;
  const samples = new Int16Array(RATE * seconds);
  for (let index = 0; index < samples.length; index += 1) {
    const phase = (index / RATE) % (on + off);
    const envelope = Math.min(1, Math.max(0, phase / 0.01), Math.max(0, (on - phase) / 0.01));
    samples[index] = Math.round(12_000 * envelope * Math.sin((2 * Math.PI * hertz * index) / RATE));
  }
  return Buffer.concat([header(samples.byteLength), Buffer.from(samples.buffer)]);
}

/** The file of a microphone, in a folder that `dispose` removes. */
export function microphoneFile(hertz: number, pulses?: Pulses): { path: string; dispose: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-mic-'));
  const path = join(folder, `${hertz}.wav`);
  writeFileSync(path, pulsedTone(hertz, pulses));
  return { path, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

function header(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
