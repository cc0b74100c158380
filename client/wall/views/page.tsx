import { LogOut, ScrollText, TriangleAlert, WifiOff } from 'lucide';
import { FooterChoices } from '../../../ui/footer-choices.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { FooterLink } from '../../../ui/page-frame.tsx';
import { Closed, Entrance, Waiting } from '../../session/entrance.tsx';
import { AgentsView } from './agents-view.tsx';
import { AlarmsView } from './alarms-view.tsx';
import { AuditDialog } from './audit-dialog.tsx';
import { BigScreen } from './big-screen.tsx';
import { usePage } from './context.ts';
import { AgentsDayDialog, FigureDialog } from './figure-dialog.tsx';
import { FiguresView } from './figures-view.tsx';
import { Header } from './header.tsx';
import { AgentDialog, CallDialog } from './manage.tsx';
import { QueuesView } from './queues-view.tsx';

/** The supervisor's wall. */
export function WallPage() {
  const { isBig, live } = usePage();
  const stage = live.session.stage.value;
  const hasDesk = stage.name === 'signed-in' && stage.session.routing === 'desk';
  if (hasDesk && isBig.value) return <BigScreen />;
  return (
    <div class="page">
      <Header />
      {hasDesk ? <Board /> : <Closing />}
      <Footer />
      <OpenDialog />
    </div>
  );
}

function Board() {
  const { live, strings } = usePage();
  const words = strings.value.feed;
  return (
    <main class="board">
      <Notices />
      {live.view.value === null ? (
        live.feed.value !== 'reconnecting' && <Waiting words={words.loading} />
      ) : (
        <>
          <AlarmsView most={4} hasMore />
          <FiguresView />
          <AgentsView />
          <div class="side">
            <QueuesView />
          </div>
        </>
      )}
    </main>
  );
}

/** What is between the page and the truth. */
function Notices() {
  const { isOnline, live, strings } = usePage();
  const words = strings.value.feed;
  if (live.feed.value !== 'reconnecting') return null;
  return (
    <p class="notice notice--trouble" role="alert">
      <Icon icon={isOnline.value ? TriangleAlert : WifiOff} />
      {isOnline.value ? words.lost : words.offline}
    </p>
  );
}

function OpenDialog() {
  const { opened } = usePage();
  const what = opened.value;
  const close = () => {
    opened.value = null;
  };
  switch (what?.kind) {
    case 'agent':
      return <AgentDialog name={what.name} onClose={close} />;
    case 'call':
      return <CallDialog id={what.id} onClose={close} />;
    case 'figure':
      return <FigureDialog name={what.name} onClose={close} />;
    case 'audit':
      return <AuditDialog onClose={close} />;
    case 'agents day':
      return <AgentsDayDialog onClose={close} />;
    default:
      return null;
  }
}

/** What is there until it is known that somebody may see the desk. */
function Closing() {
  const { lastAgent, live, strings } = usePage();
  const words = strings.value;
  if (live.session.stage.value.name === 'signed-in') {
    const { title, advice } = words.session.noDesk;
    return (
      <Closed title={title} retry={words.retry} onRetry={live.session.check}>
        {advice}
      </Closed>
    );
  }
  return <Entrance session={live.session} forRole="supervisor" words={words} lastAgent={lastAgent} />;
}

function Footer() {
  const { language, live, opened, strings, theme } = usePage();
  const words = strings.value;
  const stage = live.session.stage.value;
  const session = 'session' in stage ? stage.session : null;
  const sees = (role: 'agent' | 'developer') => session?.roles.includes(role) ?? false;
  return (
    <footer class="footer">
      <nav class="footer__links" aria-label={words.product}>
        {sees('agent') && <FooterLink href="./" words={words.agentPage} />}
        {sees('developer') && <FooterLink href="./console.html" words={words.console} />}
      </nav>
      {stage.name === 'signed-in' && (
        <button
          type="button"
          class="button button--text"
          onClick={() => {
            opened.value = { kind: 'audit' };
          }}
        >
          <Icon icon={ScrollText} />
          {words.audit.title}
        </button>
      )}
      {session?.signIn === 'code' && (
        <button type="button" class="button button--text" onClick={live.session.signOut}>
          <Icon icon={LogOut} />
          {words.signIn.signOut}
        </button>
      )}
      <span class="footer__gap" />
      <FooterChoices language={language} theme={theme} words={words.settings} />
    </footer>
  );
}
