import { CallCard } from './call-card.tsx';
import { usePage } from './context.ts';
import { DeviceChoices } from './device-choices.tsx';
import { DialButton } from './dial-button.tsx';
import { EventLogView } from './event-log-view.tsx';
import { Header } from './header.tsx';
import { MicrophoneCheck } from './microphone-check.tsx';
import { RecentCalls } from './recent-calls.tsx';
import { Settings } from './settings.tsx';
import { YourStatus } from './your-status.tsx';

/** The agent page, from top to bottom. */
export function AgentPage() {
  const { agent } = usePage();
  const line = agent.line.state.value.name;
  const signedOut = line === 'signed-out' || line === 'signing-in';

  return (
    <div class={signedOut ? 'page page--alone' : 'page'}>
      <Header />
      <main class="page__main">
        <div class="card">
          <YourStatus />
          <CallCard />
          <DialButton />
          <MicrophoneCheck />
          {!signedOut && line !== 'following' && <DeviceChoices />}
        </div>
        <div class="card card--quiet">
          {!signedOut && <RecentCalls />}
          <EventLogView />
        </div>
      </main>
      <Settings />
    </div>
  );
}
