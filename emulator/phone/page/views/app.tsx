import type { Signal } from '@preact/signals';
import { Grip, SunMoon } from 'lucide';
import { useRef } from 'preact/hooks';
import { ChoiceSelect } from '../../../../ui/choice-select.tsx';
import { Icon } from '../../../../ui/icon.tsx';
import { formatNumber } from '../../../../ui/numbers.ts';
import type { Theme } from '../../../../ui/theme.ts';
import type { Dialler } from '../dialler.ts';
import type { PhoneModel } from '../phone.ts';
import { isBusy, isDialable } from '../phone-state.ts';
import type { Ringer } from '../ringer.ts';
import { describeCaller } from '../words.ts';
import { CallPanel } from './call-panel.tsx';
import { DialForm } from './dial-form.tsx';
import { Display } from './display.tsx';
import { IncomingPanel } from './incoming-panel.tsx';
import { MicrophoneHelp } from './microphone-help.tsx';
import { useStrings } from './strings.ts';

interface AppProps {
  phone: PhoneModel;
  dialler: Dialler;
  ringer: Pick<Ringer, 'blocked'>;
  theme: Signal<Theme>;
}

/** The whole phone: its display, and below it the numbers to dial or the call. */
export function App({ phone, dialler, ringer, theme }: AppProps) {
  const dialledFrom = useRef<string | undefined>(undefined);
  const strings = useStrings();
  const { page } = strings;
  const call = phone.call.value;
  return (
    <main class="phone">
      <header class="phone-head">
        <Icon icon={Grip} />
        <h1>{page.title}</h1>
        <span class="badge">
          {isBusy(call) || call.phase === 'incoming' ? (
            <>
              <span class="visually-hidden">{page.youAre} </span>
              {formatNumber(call.parties.own)}
            </>
          ) : (
            page.emulator
          )}
        </span>
      </header>
      <Display phone={phone} />
      {/* Interrupts screen readers, once per call. */}
      <p role="alert" class="visually-hidden">
        {call.phase === 'incoming' && describeCaller(call, strings)}
      </p>
      {isBusy(call) ? (
        <CallPanel phone={phone} call={call} />
      ) : (
        <>
          {call.phase === 'incoming' && <IncomingPanel phone={phone} call={call} ringer={ringer} />}
          {call.phase === 'no-microphone' && (
            <MicrophoneHelp
              fault={call.fault}
              wayOn={strings.microphone.listen}
              goOn={isDialable(phone.state.value) ? phone.dialListening : undefined}
            />
          )}
          <DialForm phone={phone} dialler={dialler} dialledFrom={dialledFrom} />
        </>
      )}
      <footer class="phone-foot">
        <a href="./" target="_blank" rel="noopener">
          {page.another}
        </a>
        <a href="./inspector/" target="_blank" rel="noopener">
          {page.inspector}
        </a>
        <ChoiceSelect
          icon={SunMoon}
          label={page.appearance}
          options={page.themes}
          value={theme.value}
          onChange={(value) => {
            theme.value = value;
          }}
        />
      </footer>
    </main>
  );
}
