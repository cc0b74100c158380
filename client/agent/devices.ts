import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isRecord } from '../session/request.ts';

/** What a sound device is used for. Each use has a device of its own. */
export type DeviceUse = 'microphone' | 'speaker' | 'ringer';

export interface Devices {
  /** The devices that can be chosen for a use, by id; empty while the browser names none. */
  options: Record<DeviceUse, ReadonlySignal<Record<string, string>>>;
  /** The id of the device that is used; empty for the system's own choice. */
  chosen: Record<DeviceUse, ReadonlySignal<string>>;
  choose(use: DeviceUse, id: string): void;
  /** How loud the caller and the ringtone are, from 0 to 1. */
  volume: Record<'speaker' | 'ringer', ReadonlySignal<number>>;
  setVolume(use: 'speaker' | 'ringer', volume: number): void;
  /** Looks which devices are there: their names are known once a microphone was allowed. */
  refresh(): Promise<void>;
}

interface DevicesOptions {
  devices: Pick<MediaDevices, 'enumerateDevices'> | undefined;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Whether the browser can play on a device of one's choice. */
  canChooseOutput: Record<'speaker' | 'ringer', boolean>;
}

interface Remembered {
  id: string;
  label: string;
}

type Device = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>;

/** Names by which browsers list the system's own choice a second time. */
const ALIASES = ['', 'default', 'communications'];

export function createDevices({ devices, storage, canChooseOutput }: DevicesOptions): Devices {
  const list = signal<readonly Device[]>([]);

  function createUse(use: DeviceUse, kind: MediaDeviceKind) {
    const key = `switchboard.device.${use}`;
    const remembered = signal(parse(storage.getItem(key)));
    const isPossible = use === 'microphone' || canChooseOutput[use];
    const options = computed(() =>
      list.value.filter((device) => isPossible && device.kind === kind && isNamed(device)),
    );
    return {
      options: computed(() =>
        Object.fromEntries(options.value.map(({ deviceId, label }) => [deviceId, label])),
      ),
      chosen: computed(() => find(options.value, remembered.value)),
      choose(id: string) {
        const label = options.peek().find(({ deviceId }) => deviceId === id)?.label ?? '';
        remembered.value = { id, label };
        storage.setItem(key, JSON.stringify(remembered.value));
      },
    };
  }

  const uses = {
    microphone: createUse('microphone', 'audioinput'),
    speaker: createUse('speaker', 'audiooutput'),
    ringer: createUse('ringer', 'audiooutput'),
  };
  const { microphone, speaker, ringer } = uses;
  const volume = { speaker: createVolume('speaker'), ringer: createVolume('ringer') };

  function createVolume(use: DeviceUse): Signal<number> {
    const stored = Number.parseFloat(storage.getItem(volumeKey(use)) ?? '');
    return signal(stored >= 0 && stored <= 1 ? stored : 1);
  }

  return {
    options: { microphone: microphone.options, speaker: speaker.options, ringer: ringer.options },
    chosen: { microphone: microphone.chosen, speaker: speaker.chosen, ringer: ringer.chosen },
    choose: (use, id) => uses[use].choose(id),
    volume,
    setVolume(use, value) {
      volume[use].value = value;
      storage.setItem(volumeKey(use), String(value));
    },
    async refresh() {
      list.value = (await devices?.enumerateDevices().catch(() => [])) ?? [];
    },
  };
}

const volumeKey = (use: DeviceUse) => `switchboard.volume.${use}`;

/** A browser gives devices new ids when its data are cleared: then only the name is left. */
function find(devices: readonly Device[], remembered: Remembered | null): string {
  const byId = devices.find(({ deviceId }) => deviceId === remembered?.id);
  const byLabel = devices.find(({ label }) => label === remembered?.label);
  return (byId ?? byLabel)?.deviceId ?? '';
}

function isNamed({ deviceId, label }: Device): boolean {
  return label !== '' && !ALIASES.includes(deviceId);
}

function parse(text: string | null): Remembered | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isRecord(value) && typeof value.id === 'string' && typeof value.label === 'string'
      ? { id: value.id, label: value.label }
      : null;
  } catch {
    return null;
  }
}
