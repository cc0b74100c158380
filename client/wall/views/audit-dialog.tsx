import { Download, RotateCw } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import type { AuditView } from '../../../domain/api/audit-api.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { dayAndTime } from '../../../ui/time-words.ts';
import { usePage } from './context.ts';
import { ScrollBox } from './scroll-box.tsx';

/** Who signed in, and who changed, deleted or listened to what. */
export function AuditDialog({ onClose }: { onClose: () => void }) {
  const { live, strings } = usePage();
  const words = strings.value;
  const [entries, setEntries] = useState<readonly AuditView[]>([]);
  /** Where the next page begins; null: nowhere. */
  const [next, setNext] = useState<number | null>(null);
  const [state, setState] = useState<'loading' | 'failed' | 'idle'>('loading');

  function load(before: number | null): void {
    setState('loading');
    live.audit(before).then(
      (page) => {
        setEntries((known) => (before === null ? page.entries : [...known, ...page.entries]));
        setNext(page.next);
        setState('idle');
      },
      () => setState('failed'),
    );
  }
  useEffect(() => load(null), [live]);

  return (
    <Dialog title={words.audit.title} isWide onClose={onClose}>
      <p class="figure-open__note">{words.audit.advice}</p>
      {entries.length > 0 && <Entries entries={entries} />}
      {state === 'idle' && entries.length === 0 && <p class="waiting">{words.audit.none}</p>}
      {state === 'loading' && (
        <p class="waiting" role="status">
          {words.audit.loading}
        </p>
      )}
      {state === 'failed' && (
        <div class="failure" role="alert">
          <p>{words.audit.failed}</p>
          <button type="button" class="button" onClick={() => load(next)}>
            <Icon icon={RotateCw} />
            {words.retry}
          </button>
        </div>
      )}
      <form method="dialog" class="dialog__actions">
        {state === 'idle' && next !== null && (
          <button type="button" class="button" onClick={() => load(next)}>
            {words.audit.more}
          </button>
        )}
        <a class="button" href="./api/audit/export" download>
          <Icon icon={Download} />
          {words.audit.export}
        </a>
        <button type="submit" class="button">
          {words.close}
        </button>
      </form>
    </Dialog>
  );
}

function Entries({ entries }: { entries: readonly AuditView[] }) {
  const { locale, strings } = usePage();
  const words = strings.value.audit;
  const { columns } = words;
  return (
    <ScrollBox label={words.title}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{columns.time}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col">{columns.what}</th>
            <th scope="col">{columns.of}</th>
            <th scope="col">{columns.from}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, who, what, of, from, details }) => (
            <tr key={id}>
              <td class="audit__time">{dayAndTime(at, locale.value)}</td>
              <td>{who ?? '–'}</td>
              <td>{words.what[what]}</td>
              <td class="audit__of">{[of, details].filter((text) => text !== null).join(' · ') || '–'}</td>
              <td>{from ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
