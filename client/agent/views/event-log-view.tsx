import { ChevronRight, Copy } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { clockTime } from '../../../ui/time-words.ts';
import type { DeviceUse } from '../devices.ts';
import { shortenIds, supportText } from '../workspace/support-text.ts';
import { accountsOf, callsIn } from '../workspace/two-accounts.ts';
import { accountLines, reachedAt, TwoAccounts } from '../workspace/two-accounts-view.tsx';
import { MOST_CALLS, useWebhooks } from '../workspace/use-webhooks.ts';
import { usePage } from './context.ts';

/** What happened on this page, folded away until somebody asks; beside it, what the webhooks said of its calls. */
export function EventLogView() {
  const { agent, copy, locale, strings } = usePage();
  const words = strings.value.log;
  const [isOpen, setOpen] = useState(false);
  const [copied, setCopied] = useState<boolean | null>(null);
  const webhooks = useWebhooks(isOpen);
  const facts = useFacts();
  const entries = agent.log.entries.value;
  const calls = callsIn(entries)
    .slice(0, MOST_CALLS)
    .map((id) => ({ id, accounts: accountsOf(entries, id, webhooks.value.get(id) ?? [], Date.now()) }));

  async function copyAll(): Promise<void> {
    const accounts = calls.flatMap(({ id, accounts }) => accountLines(id, accounts));
    try {
      await copy(supportText(agent.log.entries.peek(), [...facts(), ...accounts]));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  }

  return (
    <details class="log" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="section-title">
        <Icon icon={ChevronRight} class="log__arrow" />
        {words.title}
      </summary>
      {isOpen &&
        calls.map(({ id, accounts }) => (
          <TwoAccounts key={id} at={reachedAt(entries, id) ?? 0} accounts={accounts} />
        ))}
      <ol class="log__entries">
        {entries.map((entry, index) => (
          <li key={`${entry.at} ${index}`}>
            <time dateTime={new Date(entry.at).toISOString()}>{clockTime(entry.at, locale.value)}</time>{' '}
            {shortenIds(entry.text)}
          </li>
        ))}
      </ol>
      <p class="log__copy">
        <button type="button" class="button" onClick={() => void copyAll()}>
          <Icon icon={Copy} />
          {words.copy}
        </button>
        <span aria-live="polite">{copied === null ? '' : copied ? words.copied : words.copyFailed}</span>
      </p>
    </details>
  );
}

/** What support asks first: always in English, so that it can be searched for. */
function useFacts(): () => string[] {
  const { agent, devices, microphone, notifications, sound } = usePage();
  return () => {
    const desk = agent.desk.readiness.peek();
    const device = (use: DeviceUse) =>
      devices.options[use].peek()[devices.chosen[use].peek()] ?? 'system default';
    return [
      navigator.userAgent,
      `line ${agent.line.state.peek().name}, call ${agent.calls.phase.peek().name}`,
      `session ${agent.line.sessionId.peek() ?? 'none'}`,
      ...(desk === null
        ? []
        : [`desk ${desk.presence}, choice ${desk.me?.choice}, line ${desk.me?.line}, load ${desk.me?.load}`]),
      `sound ${sound.state.peek()}, microphone ${microphone.state.peek()}, notifications ${notifications.permission.peek()}, tab ${document.visibilityState}`,
      `devices: microphone ${device('microphone')}, speaker ${device('speaker')}, ringtone ${device('ringer')}`,
    ];
  };
}
