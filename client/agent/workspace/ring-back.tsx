import { useEffect } from 'preact/hooks';
import type { AgentDesk } from '../../../domain/api/desk-api.ts';
import { useWorkspace } from './use-workspace.ts';

/** The tone that most networks send while a phone rings (ITU-T E.180): Hz, and seconds of sound and of silence. */
const TONE_HZ = 425;
const SOUND = 1;
const SILENCE = 4;
const LOUDNESS = 0.12;
const EDGE = 0.01;

/**
 * Sounds while a phone rings that the desk calls for this agent. A leg that was created over the REST API is in no
 * conversation before it is answered, so the platform lets her hear nothing of it.
 */
export function RingBack() {
  const { agent, devices } = useWorkspace();
  const isRinging = rings(agent.desk.view.value?.call ?? null);
  const speaker = devices.chosen.speaker.value;
  const volume = devices.volume.speaker.value;
  useEffect(() => (isRinging ? sound(speaker, volume) : undefined), [isRinging, speaker, volume]);
  return null;
}

/** Whether she waits for somebody whose phone rings. */
function rings(call: AgentDesk['call']): boolean {
  if (call?.role !== 'agent') {
    return false;
  }
  // With the caller on hold, she waits for a second person; else for the customer whom she, or the desk, has dialled.
  return call.heldSince === null ? call.state === 'ringing' : call.consult?.state === 'ringing';
}

/** Returns how to stop. */
function sound(deviceId: string, volume: number): () => void {
  const context: AudioContext & { setSinkId?: (deviceId: string) => Promise<void> } = new AudioContext();
  // A device that was unplugged must not take the tone away.
  void context.setSinkId?.(deviceId).catch(() => {});
  const samples = ringBackCycle(context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  const tone = new AudioBufferSourceNode(context, { buffer, loop: true });
  tone.connect(new GainNode(context, { gain: volume })).connect(context.destination);
  tone.start();
  return () => void context.close();
}

function ringBackCycle(sampleRate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round((SOUND + SILENCE) * sampleRate));
  for (let index = 0; index < SOUND * sampleRate; index += 1) {
    const time = index / sampleRate;
    const edge = Math.min(1, time / EDGE, (SOUND - time) / EDGE);
    samples[index] = LOUDNESS * edge * Math.sin(2 * Math.PI * TONE_HZ * time);
  }
  return samples;
}
