import './workspace.css';

/** What the page loads after it has painted: the panes beside the call, and what opens in it. */
export { AgentSignIn } from '../views/agent-sign-in.tsx';
export { EventLogView } from '../views/event-log-view.tsx';
export { Keypad } from '../views/keypad.tsx';
export { Settings } from '../views/settings.tsx';
export { WrapUp } from '../views/wrap-up.tsx';
export { AudioPanel } from './audio-panel.tsx';
export { CallExtras, CallerHears, ContactName } from './call-extras.tsx';
export { CallerPane } from './caller-pane.tsx';
export { ListsPane } from './lists-pane.tsx';
export { ReadyCheck } from './ready-check.tsx';
export { Shortcuts } from './shortcuts.tsx';
export { SmallWindow } from './small-window.tsx';
export { TransferDialog } from './transfer-dialog.tsx';
