import { CallCard } from './call-card.tsx';
import { usePage } from './context.ts';
import { DialButton } from './dial-button.tsx';
import { Header } from './header.tsx';
import { later } from './later.tsx';
import { MicrophoneCheck } from './microphone-check.tsx';
import { YourStatus } from './your-status.tsx';

const CallerPane = later(({ CallerPane }) => CallerPane);
const EventLogView = later(({ EventLogView }) => EventLogView, { isQuiet: true });
const ListsPane = later(({ ListsPane }) => ListsPane);
const ReadyCheck = later(({ ReadyCheck }) => ReadyCheck, { isQuiet: true });
const Settings = later(({ Settings }) => Settings, { isQuiet: true });

/** The agent page: the call, the caller and the lists side by side, as far as there is room. */
export function AgentPage() {
  const { agent, panes, strings } = usePage();
  const line = agent.line.state.value.name;
  const signedOut = line === 'signed-out' || line === 'signing-in';
  const names = strings.value.panes;
  // Whether there is a desk decides where the call stands: shown before, it would jump.
  const layout = signedOut ? 'page page--alone' : line === 'loading' ? 'page page--loading' : 'page';

  return (
    <div class={layout} data-shown={panes.shown.value}>
      <Header />
      <main class="page__main">
        <div class="pane pane--call card">
          <YourStatus />
          <CallCard />
          <DialButton />
          <MicrophoneCheck />
          <ReadyCheck />
        </div>
        {signedOut ? (
          <EventLogView />
        ) : (
          <>
            <section class="pane pane--caller card" aria-label={names.caller}>
              <CallerPane />
            </section>
            <section class="pane pane--lists card" aria-label={names.lists}>
              <ListsPane />
            </section>
          </>
        )}
      </main>
      <Settings />
    </div>
  );
}
