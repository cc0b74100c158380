import { CircleCheck, TriangleAlert } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { clockTime } from '../../../ui/time-words.ts';
import type { LogEntry } from '../event-log.ts';
import { type Account, type Agreement, isMismatch } from './two-accounts.ts';
import { useWorkspace } from './use-workspace.ts';

interface TwoAccountsProps {
  /** When the call reached the page. */
  at: number;
  accounts: readonly Account[];
}

/** A call as this page and the webhooks tell it, side by side. */
export function TwoAccounts({ at, accounts }: TwoAccountsProps) {
  const { locale, words } = useWorkspace();
  const text = words.accounts;
  const time = (value: number | null) => (value === null ? '–' : clockTime(value, locale.value));
  return (
    <table class="accounts">
      <caption>{text.title(clockTime(at, locale.value))}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{text.moment}</span>
          </th>
          <th scope="col">{text.page}</th>
          <th scope="col">{text.webhooks}</th>
          <th scope="col">{text.delay}</th>
        </tr>
      </thead>
      <tbody>
        {accounts.map(({ moment, page, webhook, agreement }) => (
          <tr key={moment}>
            <th scope="row">{text.moments[moment]}</th>
            <td>{time(page)}</td>
            <td>{time(webhook)}</td>
            <td>
              {page !== null && webhook !== null && (
                <span class="accounts__delay">{delayWords(webhook - page)}</span>
              )}
              <Words agreement={agreement} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Words({ agreement }: { agreement: Agreement }) {
  const { words } = useWorkspace();
  if (agreement === 'agree') {
    return null;
  }
  return (
    <span class={isMismatch(agreement) ? 'accounts__words accounts__words--wrong' : 'accounts__words'}>
      {isMismatch(agreement) && <Icon icon={TriangleAlert} />}
      {agreement === 'healed' && <Icon icon={CircleCheck} />}
      {words.accounts.agreements[agreement]}
    </span>
  );
}

/** How much later than the page the webhook came. */
function delayWords(ms: number): string {
  const sign = ms < 0 ? '−' : '+';
  const abs = Math.abs(ms);
  return abs < 1_000 ? `${sign}${Math.round(abs)} ms` : `${sign}${(abs / 1_000).toFixed(1)} s`;
}

/** When a call reached the page; null where its log does not say. */
export function reachedAt(entries: readonly LogEntry[], callId: string): number | null {
  const found = entries.find(({ told }) => {
    if (told === undefined) {
      return false;
    }
    return 'type' in told
      ? told.type === 'invited' && told.call.id === callId
      : told.name === 'in-call' && told.call.id === callId;
  });
  return found?.at ?? null;
}

/** The same for a support request. */
export function accountLines(callId: string, accounts: readonly Account[]): string[] {
  return accounts.map(({ moment, page, webhook, agreement }) => {
    const time = (at: number | null) => (at === null ? '-' : new Date(at).toISOString());
    return `${callId} ${moment}: page ${time(page)}, webhook ${time(webhook)}, ${agreement}`;
  });
}
