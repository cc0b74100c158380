import { ArrowLeft, MousePointerClick } from 'lucide';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { Waiting } from '../../session/entrance.tsx';
import { usePage } from './context.ts';
import { Failure } from './notes.tsx';
import { useFollow } from './use-follow.ts';

/** The call that is open, or how to open one. */
export function CallPane() {
  const { live, strings } = usePage();
  const words = strings.value.call;
  const id = live.openCall.id.value;
  if (id === null) {
    return (
      <section class="call call--none">
        <div class="empty">
          <Icon icon={MousePointerClick} class="empty__icon" />
          <p class="empty__title">{words.none}</p>
          <p>{words.noneHint}</p>
        </div>
      </section>
    );
  }
  return <OpenCall id={id} />;
}

function OpenCall({ id }: { id: string }) {
  const { live, reader, selection, strings } = usePage();
  const words = strings.value.call;
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = selection.wantedFocus.value;
  const failure = live.openCall.failure.value;
  const entries = live.openCall.entries.value;
  const desk = live.openCall.desk.value;
  const gap = live.openCall.deskGap.value;
  const { callOf, CallView } = reader.value ?? {};
  const call = useMemo(() => entries && callOf?.(entries), [entries, callOf]);
  const scroller = useRef<HTMLElement>(null);
  const onScroll = useFollow(scroller, entries);
  const parties = call ?? live.calls.list.value.rows.find((row) => row.id === id);

  useEffect(() => {
    if (wanted === 'call' && selection.takeFocus('call')) {
      heading.current?.focus();
    }
  }, [wanted, selection]);

  return (
    <section ref={scroller} class="call" aria-busy={!call && failure === null} onScroll={onScroll}>
      <button type="button" class="button button--text call__back" onClick={selection.leave}>
        <Icon icon={ArrowLeft} />
        {words.back}
      </button>
      <h2 ref={heading} class="call__title" tabIndex={-1}>
        {parties ? <Parties from={parties.from} to={parties.to} /> : id}
      </h2>
      {failure === 'not-found' && <p class="failure">{words.notFound}</p>}
      {failure !== null && failure !== 'not-found' && (
        <Failure failure={failure} words={words.failed} retry={live.openCall.reload} />
      )}
      {entries && call && CallView && (
        <CallView key={id} call={call} entries={entries} desk={desk} gap={gap} />
      )}
      {!call && failure === null && <Waiting words={words.loading} />}
    </section>
  );
}

function Parties({ from, to }: { from: string | null; to: string | null }) {
  const { nameOf, strings } = usePage();
  return (
    <>
      <span class="visually-hidden">{strings.value.call.heading(nameOf(from), nameOf(to))}</span>
      <span aria-hidden="true">
        <bdi class="call__party">{nameOf(from)}</bdi> <span class="call__arrow">→</span>{' '}
        <bdi class="call__party">{nameOf(to)}</bdi>
      </span>
    </>
  );
}
