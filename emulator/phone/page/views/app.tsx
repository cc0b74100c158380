import type { Signal } from '@preact/signals';
import { Grip } from 'lucide';
import { useRef } from 'preact/hooks';
import { Icon } from '../../../parts/icon.tsx';
import type { Theme } from '../../../parts/theme.ts';
import { ThemeChoice } from '../../../parts/theme-choice.tsx';
import type { Dialler } from '../dialler.ts';
import { formatNumber } from '../numbers.ts';
import type { PhoneModel } from '../phone.ts';
import { isBusy } from '../phone-machine.ts';
import { CallPanel } from './call-panel.tsx';
import { DialForm } from './dial-form.tsx';
import { Display } from './display.tsx';
import { MicrophoneHelp } from './microphone-help.tsx';
import { useStrings } from './strings.ts';

interface AppProps {
  phone: PhoneModel;
  dialler: Dialler;
  theme: Signal<Theme>;
}

/** The whole telephone: what it says, and below it either the numbers to dial or the call. */
export function App({ phone, dialler, theme }: AppProps) {
  const dialledFrom = useRef<string | undefined>(undefined);
  const { page } = useStrings();
  const call = phone.call.value;
  return (
    <main class="phone">
      <header class="phone-head">
        <Icon node={Grip} />
        <h1>{page.title}</h1>
        <span class="badge">
          {isBusy(call) ? (
            <>
              <span class="visually-hidden">{page.youAre} </span>
              {formatNumber(call.parties.from)}
            </>
          ) : (
            page.emulator
          )}
        </span>
      </header>
      <Display phone={phone} />
      {isBusy(call) ? (
        <CallPanel phone={phone} call={call} />
      ) : (
        <>
          {call.phase === 'no-microphone' && <MicrophoneHelp phone={phone} fault={call.fault} />}
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
        <ThemeChoice theme={theme} words={page} />
      </footer>
    </main>
  );
}
