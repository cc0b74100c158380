import { beforeEach, describe, expect, it } from 'vitest';
import { createDevices, type Devices } from './devices.ts';

interface Plugged {
  kind: MediaDeviceKind;
  deviceId: string;
  label: string;
}

const builtIn: Plugged = { kind: 'audioinput', deviceId: 'a1', label: 'Built-in microphone' };
const headset: Plugged = { kind: 'audioinput', deviceId: 'b2', label: 'Headset' };
const earphones: Plugged = { kind: 'audiooutput', deviceId: 'c3', label: 'Headset' };
const alias: Plugged = { kind: 'audioinput', deviceId: 'default', label: 'Default - Headset' };

let plugged: Plugged[];
let stored: Map<string, string>;
let devices: Devices;

async function open(canChooseOutput = true): Promise<void> {
  devices = createDevices({
    devices: {
      enumerateDevices: async () =>
        plugged.map((device) => ({ ...device, groupId: '', toJSON: () => device })),
    },
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    },
    canChooseOutput: { speaker: canChooseOutput, ringer: canChooseOutput },
  });
  await devices.refresh();
}

beforeEach(() => {
  plugged = [alias, builtIn, headset, earphones];
  stored = new Map();
  return open();
});

describe('devices that can be chosen', () => {
  it('are those of the kind, each once', () => {
    expect(devices.options.microphone.value).toEqual({ a1: 'Built-in microphone', b2: 'Headset' });
    expect(devices.options.ringer.value).toEqual({ c3: 'Headset' });
  });

  it('are empty while the browser hides them, and have no outputs if it cannot switch them', async () => {
    plugged = [{ ...builtIn, label: '' }, earphones];
    await open(false);
    expect([devices.options.microphone.value, devices.options.speaker.value]).toEqual([{}, {}]);
  });
});

describe('a selected device', () => {
  beforeEach(() => devices.choose('microphone', 'b2'));

  it('is used for its own kind only', () => {
    expect([devices.chosen.microphone.value, devices.chosen.speaker.value]).toEqual(['b2', '']);
  });

  it.each<[string, Plugged[], string]>([
    ['is used again by its id', [builtIn, { ...headset, label: 'Headset (2)' }], 'b2'],
    ['is used again by its name where ids are new', [builtIn, { ...headset, deviceId: 'z9' }], 'z9'],
    ['gives way to the system’s choice while it is unplugged', [builtIn], ''],
  ])('%s', async (_what, now, used) => {
    plugged = now;
    await open();
    expect(devices.chosen.microphone.value).toBe(used);
  });

  it('can be reset to the system default', async () => {
    devices.choose('microphone', '');
    await open();
    expect(devices.chosen.microphone.value).toBe('');
  });
});

it.each(['{', '{"id":3}', 'null'])('ignores %s in the storage', async (text) => {
  stored.set('switchboard.device.microphone', text);
  await open();
  expect(devices.chosen.microphone.value).toBe('');
});
