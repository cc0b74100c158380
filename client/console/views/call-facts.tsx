import { Copy, Download, ExternalLink } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Call } from '../../../domain/calls/call.ts';
import { Icon } from '../../../ui/icon.tsx';
import { dayAndTime, wholeSeconds } from '../../../ui/time-words.ts';
import { endedBy, outcomeWords, statusWords, toneOf } from '../call-words.ts';
import type { DeskOfCall } from '../desk/desk-of-call.ts';
import { Elapsed, iconOf } from './call-row.tsx';
import { usePage } from './context.ts';
import { useCopy } from './use-copy.ts';

/** What is known of a call as a whole; nothing is said of what is not known. */
export function CallFacts({ call }: { call: Call & DeskOfCall }) {
  const { locale, strings } = usePage();
  const words = strings.value.call;
  const { facts } = words;
  const by = endedBy(call);
  const isEnded = call.status === 'ended';
  // Vonage says to the second when a leg was answered: the steps below have the times at which its events came.
  const time = (ms: number | null) => ms !== null && wholeSeconds(ms);
  const live = (since: number | null) => !isEnded && since !== null && <Elapsed since={since} />;

  return (
    <dl class="facts">
      <Fact name={facts.agent}>{call.agent}</Fact>
      <Fact name={facts.began}>{call.startedAt !== null && dayAndTime(call.startedAt, locale.value)}</Fact>
      {call.waited === null ? (
        call.queue === null && <Fact name={facts.ringing}>{time(call.ringing)}</Fact>
      ) : (
        <Fact name={facts.waited}>{time(call.waited)}</Fact>
      )}
      <Fact name={facts.talking}>
        {call.answeredAt !== null && (time(call.talking) || live(call.answeredAt))}
      </Fact>
      <Fact name={facts.total}>{time(call.total) || live(call.startedAt)}</Fact>
      <Fact name={facts.hungUpBy}>{by !== null && words.parties[by]}</Fact>
      <Fact name={facts.price}>
        {call.price !== null && <span title={words.priceHint}>{money(call.price, locale.value)}</span>}
      </Fact>
      <Fact name={facts.recordings}>
        {call.recordings.length > 0 &&
          call.recordings.map(({ url, transcriptionUrl }, index) => (
            <span key={url} class="facts__links">
              <FileLink url={url} words={words.recording(index + 1)} />
              {transcriptionUrl && <FileLink url={transcriptionUrl} words={words.transcription(index + 1)} />}
            </span>
          ))}
      </Fact>
      <Fact name={facts.errors}>{call.errors.join(' · ')}</Fact>
      <Fact name={facts.id}>
        <CallId id={call.id} />
      </Fact>
      <Fact name={facts.export}>
        {(['har', 'json'] as const).map((format) => (
          <span key={format} class="facts__links">
            <a href={`api/calls/${encodeURIComponent(call.id)}/export/${format}`} download>
              {format.toUpperCase()}
              <Icon icon={Download} />
            </a>
          </span>
        ))}
      </Fact>
      <Fact name={facts.movedTo}>
        {call.conversations
          .filter((id) => id !== call.id)
          .map((id) => (
            <span key={id} class="facts__links">
              <code class="facts__id">{id}</code>
            </span>
          ))}
      </Fact>
    </dl>
  );
}

/** Vonage gives prices in euros, whatever the currency of the account's invoices. */
function money(euros: number, locale: string): string {
  return euros.toLocaleString(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 8 });
}

/** How a call stands, or how it ended. */
export function CallStatus({ call, isOnlyAsked }: { call: Call & DeskOfCall; isOnlyAsked: boolean }) {
  const { strings } = usePage();
  const outcome = outcomeWords(call, isOnlyAsked, strings.value);
  return (
    <p class={`call__status tone-${toneOf(call)}`}>
      <Icon icon={iconOf(call)} />
      {statusWords(call, strings.value)}
      {outcome && `: ${outcome}`}
    </p>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return children && (!Array.isArray(children) || children.length > 0) ? (
    <div class="facts__fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
}

/** A file at Vonage; what is no web address is shown, not linked. */
function FileLink({ url, words }: { url: string; words: string }) {
  return /^https?:\/\//i.test(url) ? (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {words}
      <Icon icon={ExternalLink} />
    </a>
  ) : (
    <span>{url}</span>
  );
}

function CallId({ id }: { id: string }) {
  const { strings } = usePage();
  const { copy, said } = useCopy();
  return (
    <>
      <code class="facts__id">{id}</code>{' '}
      <button type="button" class="button button--icon" onClick={() => copy(id, strings.value.step.copied)}>
        <Icon icon={Copy} />
        <span class="visually-hidden">{strings.value.call.copyId}</span>
      </button>
      <span class="said" aria-live="polite">
        {said}
      </span>
    </>
  );
}
