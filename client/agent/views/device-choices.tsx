import { Bell, type IconNode, Mic, Volume2 } from 'lucide';
import { ChoiceSelect } from '../../../ui/choice-select.tsx';
import type { DeviceUse } from '../devices.ts';
import { usePage } from './context.ts';

const uses: [DeviceUse, IconNode][] = [
  ['microphone', Mic],
  ['speaker', Volume2],
  ['ringer', Bell],
];

/** Which device is used for what; nothing while the browser names no devices. */
export function DeviceChoices() {
  const { devices, strings } = usePage();
  const words = strings.value.devices;
  const shown = uses.filter(([use]) => Object.keys(devices.options[use].value).length > 0);
  return shown.length === 0 ? null : (
    <fieldset class="devices">
      <legend class="section-title">{words.title}</legend>
      {shown.map(([use, icon]) => (
        <ChoiceSelect
          key={use}
          icon={icon}
          label={words[use]}
          options={{ '': words.system(words[use]), ...devices.options[use].value }}
          value={devices.chosen[use].value}
          onChange={(id) => devices.choose(use, id)}
        />
      ))}
    </fieldset>
  );
}
