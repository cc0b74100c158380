import { ChevronRight, Copy } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { clockTime } from '../../../ui/time-words.ts';
import { shortenIds, supportText } from '../event-log.ts';
import { usePage } from './context.ts';

/** What happened on this page, folded away until somebody asks. */
export function EventLogView() {
  const { agent, copy, locale, strings } = usePage();
  const words = strings.value.log;
  const [copied, setCopied] = useState<boolean | null>(null);

  async function copyAll(): Promise<void> {
    const facts = [
      navigator.userAgent,
      `line ${agent.line.state.peek().name}, call ${agent.calls.phase.peek().name}`,
      `session ${agent.line.sessionId.peek() ?? 'none'}`,
    ];
    try {
      await copy(supportText(agent.log.entries.peek(), facts));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  }

  return (
    <details class="log">
      <summary class="section-title">
        <Icon icon={ChevronRight} class="log__arrow" />
        {words.title}
      </summary>
      <ol class="log__entries">
        {agent.log.entries.value.map((entry, index) => (
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
