import { ArrowLeft, Filter, Lightbulb, RotateCw, Terminal } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { preciseTime } from '../../../ui/time-words.ts';
import type { Entry, Hint } from '../../traffic/entry.ts';
import { hasFailed } from '../../traffic/entry.ts';
import { copyOpenedAsCurl, resendOpened } from '../actions.ts';
import { byteSize, duration } from '../amounts.ts';
import { markOf } from '../call-mark.ts';
import { usePage } from './context.ts';
import { focusOn, LIST_ID, REQUEST_ID } from './ids.ts';
import { AnswerPart, RequestPart } from './message-view.tsx';
import { ProofView } from './proof-view.tsx';
import { StatusChip } from './request-row.tsx';

/** The request that is chosen, whole. */
export function RequestView() {
  const { inspector, isReading, strings } = usePage();
  const opened = inspector.opened.value;
  const words = strings.request;
  return (
    <section id={REQUEST_ID} class="request" aria-label={words.title} tabIndex={-1}>
      <button
        type="button"
        class="button request-back"
        onClick={() => {
          isReading.value = false;
          focusOn(LIST_ID);
        }}
      >
        <Icon icon={ArrowLeft} />
        {words.back}
      </button>
      {opened.state === 'none' && <Nothing />}
      {opened.state === 'loading' && <p class="empty">{words.loading}</p>}
      {opened.state === 'forgotten' && <p class="empty">{words.forgotten}</p>}
      {opened.state === 'failed' && (
        <p class="notice" role="alert">
          {words.failed} {opened.error}
        </p>
      )}
      {opened.state === 'there' && <Whole entry={opened.entry} />}
    </section>
  );
}

function Nothing() {
  const { singleKeys, strings } = usePage();
  const { keys, request } = strings;
  return (
    <div class="empty">
      <p>{request.none}</p>
      {singleKeys.value === 'on' && (
        <>
          <p class="empty-keys">
            <kbd>j</kbd> <kbd>k</kbd> {keys.move}
          </p>
          <p class="empty-keys">
            <kbd>?</kbd> {keys.title}
          </p>
        </>
      )}
    </div>
  );
}

function Whole({ entry }: { entry: Entry }) {
  const { strings } = usePage();
  const words = strings.request;
  const { id, kind, what, method, url, direction, attempt, repeats } = entry;
  return (
    <article key={id} class="whole">
      <header class="whole-head">
        <p class="whole-kind">
          {direction === 'out' ? strings.list.sent : strings.list.received} · {words.kinds[kind]} · #{id}
          {attempt > 1 && ` · ${words.attempt(attempt)}`}
          {repeats !== null && ` · ${words.repeats(repeats)}`}
        </p>
        <h2>
          {what} <StatusChip summary={entry} />
        </h2>
        <p class="whole-address">
          <strong>{method}</strong> {url.split('?', 1)[0]}
        </p>
        <Actions entry={entry} />
      </header>
      {entry.hint && <HintBox hint={entry.hint} isFault={hasFailed(entry) || entry.hint.code === 'ncco'} />}
      <Facts entry={entry} />
      <div class="exchange">
        <RequestPart entry={entry} />
        <AnswerPart entry={entry} />
      </div>
      <ProofView proof={entry.proof} isWebhook={entry.direction === 'out'} />
    </article>
  );
}

function Actions({ entry }: { entry: Entry }) {
  const page = usePage();
  const { inspector, strings } = page;
  const words = strings.request;
  const { call } = entry;
  const isOnly = inspector.filter.value.call === call;
  return (
    <p class="whole-actions">
      {entry.repeatable && (
        <button type="button" class="button button-main" onClick={() => void resendOpened(page)}>
          <Icon icon={RotateCw} />
          {words.resend}
        </button>
      )}
      <button type="button" class="button" onClick={() => copyOpenedAsCurl(page)}>
        <Icon icon={Terminal} />
        {words.curl}
      </button>
      {call !== null && (
        <button
          type="button"
          class="button"
          onClick={() => {
            inspector.filter.value = { ...inspector.filter.peek(), call: isOnly ? null : call };
          }}
        >
          <Icon icon={Filter} />
          {isOnly ? words.allCalls : words.onlyCall}
        </button>
      )}
    </p>
  );
}

function HintBox({ hint, isFault }: { hint: Hint; isFault: boolean }) {
  const { strings } = usePage();
  return (
    <div class="hint" data-fault={isFault || undefined}>
      <Icon icon={Lightbulb} />
      <p>
        <span class="visually-hidden">{strings.request.hint}: </span>
        {strings.hints[hint.code](hint.values)}
      </p>
    </div>
  );
}

function Facts({ entry }: { entry: Entry }) {
  const { locale, strings } = usePage();
  const words = strings.request;
  const { startedAt, took, size, call, leg, application } = entry;
  const facts: [string, string | null][] = [
    [words.at, preciseTime(startedAt, locale)],
    [words.took, took === null ? words.waiting : duration(took)],
    [words.size, byteSize(size)],
    [words.callId, call],
    [words.legId, leg],
    [words.application, application],
  ];
  return (
    <dl class="facts" aria-label={words.facts}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd class={[call, leg, application].includes(value) ? 'id' : ''}>
                {value === call && <span class="call-dot" style={{ '--hue': markOf(value).hue }} />}
                {value}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
