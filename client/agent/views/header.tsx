import {
  CircleCheck,
  CircleDashed,
  CircleX,
  Headset,
  type IconNode,
  List,
  LogOut,
  Phone,
  RefreshCw,
  UserRound,
} from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { currentCall } from '../call-state.ts';
import { lineChip, type Tone } from '../status-words.ts';
import { otherAgents } from './agents.ts';
import { type Pane, usePage, useReadiness } from './context.ts';

const chipIcons: Record<Tone, IconNode> = {
  ready: CircleCheck,
  trouble: RefreshCw,
  end: CircleX,
  calling: CircleDashed,
  neutral: CircleDashed,
};

export function Header() {
  const { strings } = usePage();

  return (
    <header class="header">
      <Icon icon={Headset} class="header__mark" />
      <div class="header__names">
        <h1 class="header__product">{strings.value.product}</h1>
        <AgentName />
        <OtherAgents />
      </div>
      <PaneBar />
      <LineChip />
    </header>
  );
}

const paneIcons: [Pane, IconNode][] = [
  ['call', Phone],
  ['caller', UserRound],
  ['lists', List],
];

/** What to look at where there is no room for all. Links, because "Call" is a button of the dial pad. */
function PaneBar() {
  const { agent, panes, strings } = usePage();
  const line = agent.line.state.value.name;
  const words = strings.value.panes;
  if (line === 'signed-out' || line === 'signing-in') {
    return null;
  }
  return (
    <nav class="pane-bar" aria-label={words.name}>
      {paneIcons.map(([pane, icon]) => (
        <a
          key={pane}
          href={`#${pane}`}
          class={`pane-bar__button pane-bar__button--${pane}`}
          aria-current={panes.shown.value === pane}
          onClick={(event) => {
            event.preventDefault();
            panes.shown.value = pane;
          }}
        >
          <Icon icon={icon} />
          {words[pane]}
          {pane === 'lists' && panes.missed.value > 0 && <span class="badge">{panes.missed.value}</span>}
        </a>
      ))}
    </nav>
  );
}

/** The line in one word, during calls as well. */
function LineChip() {
  const { strings } = usePage();
  const chip = lineChip(strings.value, useReadiness());
  return chip ? (
    <p class={`chip chip--${chip.tone}`}>
      <Icon icon={chipIcons[chip.tone]} />
      <span class="visually-hidden">{strings.value.line.chip.label}: </span>
      {chip.words}
    </p>
  ) : null;
}

function AgentName() {
  const { agent, otherTab, strings } = usePage();
  const session = agent.line.session.value;
  const line = agent.line.state.value.name;
  const name = agent.line.agent.value;
  const signedOut = line === 'signed-out' || line === 'signing-in';
  if (!name || signedOut) {
    return null;
  }
  // What would end a call keeps its room during one: on a narrow screen the line would be broken otherwise.
  const busy = currentCall(agent.calls.phase.value) !== null || otherTab.mirror.value?.busy;
  return (
    <p class="header__agent">
      {name}
      {session?.signIn === 'code' && (
        <button type="button" class="button button--text" inert={busy} onClick={agent.signOut}>
          <Icon icon={LogOut} />
          {strings.value.signIn.signOut}
        </button>
      )}
    </p>
  );
}

/** Where nobody has to sign in, a page can be any agent's. */
function OtherAgents() {
  const { agent, strings } = usePage();
  const others = otherAgents(agent.line);
  if (others.length === 0) {
    return null;
  }
  return (
    <p class="header__others" inert={currentCall(agent.calls.phase.value) !== null}>
      {strings.value.agents.switchTo}
      {others.map((name) => (
        <a key={name} href={`?agent=${encodeURIComponent(name)}`}>
          {name}
        </a>
      ))}
    </p>
  );
}
