import { Braces, Repeat, SquareTerminal } from 'lucide';
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { JsonText } from '../../../ui/json-text.tsx';
import { curlOf } from '../curl.ts';
import type { StepRung } from '../ladder/ladder.ts';
import { usePage } from './context.ts';
import { useCopy } from './use-copy.ts';

/** What can be done with a step: see it as it came, send it again. */
export function StepTools({ step, describedBy }: { step: StepRung; describedBy: string }) {
  const { base, live, strings } = usePage();
  const words = strings.value.step;
  const { kind, entry } = step;
  const stage = live.session.stage.value;
  const isRejected = stage.name === 'signed-in' && stage.session.checksSignatures === true;
  const { copy, said } = useCopy();
  const [isOpen, setOpen] = useState(false);
  const json = useId();
  const isReply = kind.name === 'instructs' || kind.name === 'refuses';

  return (
    <div class="tools">
      <button
        type="button"
        class="button button--tool"
        aria-describedby={describedBy}
        aria-expanded={isOpen}
        aria-controls={json}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon icon={Braces} />
        {words.json}
      </button>
      {!isReply && (
        <button
          type="button"
          class="button button--tool"
          aria-describedby={describedBy}
          onClick={() => copy(curlOf(entry, base), isRejected ? words.unsignedCopied : words.copied)}
        >
          <Icon icon={SquareTerminal} />
          {words.curl}
        </button>
      )}
      {entry.type === 'event' && !isReply && (
        <Replay callId={entry.callId} entryId={entry.id} describedBy={describedBy} />
      )}
      <span class="said" aria-live="polite">
        {said}
      </span>
      <div id={json} class="json">
        {isOpen && (
          <JsonText text={JSON.stringify(contentOf(step), null, 2)} wanted={live.calls.wanted.value} />
        )}
      </div>
    </div>
  );
}

/** What was sent, its fields in the order in which they came. */
export function contentOf({ kind, entry }: StepRung): unknown {
  if (kind.name === 'instructs') {
    return kind.ncco;
  }
  if (kind.name === 'refuses') {
    return entry.reply;
  }
  return entry.type === 'event' ? entry.payload : entry.request;
}

type Sending = { name: 'idle' | 'asking' | 'sending' | 'failed' } | { name: 'sent'; status: number };

/** Sends an event to the server once more, after a question. */
function Replay({ callId, entryId, describedBy }: { callId: string; entryId: number; describedBy: string }) {
  const { live, strings } = usePage();
  const words = strings.value.step;
  const [sending, setSending] = useState<Sending>({ name: 'idle' });

  async function send(): Promise<void> {
    setSending({ name: 'sending' });
    try {
      setSending({ name: 'sent', status: await live.replay(callId, entryId) });
    } catch {
      setSending({ name: 'failed' });
    }
  }

  return (
    <>
      <button
        type="button"
        class="button button--tool"
        aria-describedby={describedBy}
        aria-disabled={sending.name === 'sending'}
        onClick={() => sending.name !== 'sending' && setSending({ name: 'asking' })}
      >
        <Icon icon={Repeat} />
        {sending.name === 'sending' ? words.replaying : words.replay}
      </button>
      <span class="said" aria-live="polite">
        {sending.name === 'sent' && words.result(sending.status)}
        {sending.name === 'failed' && words.replayFailed}
      </span>
      {sending.name === 'asking' && (
        <Dialog
          title={words.confirmTitle}
          onClose={() => setSending((now) => (now.name === 'asking' ? { name: 'idle' } : now))}
        >
          <p>{words.confirm}</p>
          <form method="dialog" class="dialog__actions">
            <button type="submit" class="button">
              {strings.value.cancel}
            </button>
            <button type="button" class="button button--accent" onClick={() => void send()}>
              <Icon icon={Repeat} />
              {words.confirmed}
            </button>
          </form>
        </Dialog>
      )}
    </>
  );
}
