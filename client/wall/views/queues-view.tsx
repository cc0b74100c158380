import { computed } from '@preact/signals';
import { X } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import type { WallCall, WallQueue } from '../../../domain/api/wall-api.ts';
import { Icon } from '../../../ui/icon.tsx';
import type { Tone } from '../../../ui/page-frame.tsx';
import { type WaitingKind, waitingRows } from '../board.ts';
import { usePage } from './context.ts';
import { RowList } from './row-list.tsx';
import { Timer } from './timer.tsx';

/** The queues, and who waits in them on the line, or to be called back. */
export function QueuesView() {
  const { live } = usePage();
  const [queue, setQueue] = useState<string | null>(null);
  const queues = live.view.value?.queues ?? [];
  // A queue that is gone from the desk file is no longer a filter.
  const shown = queues.some(({ name }) => name === queue) ? queue : null;
  return (
    <>
      <QueueTable queues={queues} shown={shown} onChoose={setQueue} />
      <Callers queue={shown} onShowAll={() => setQueue(null)} />
    </>
  );
}

interface QueueTableProps {
  queues: readonly WallQueue[];
  shown: string | null;
  onChoose: (queue: string | null) => void;
}

function QueueTable({ queues, shown, onChoose }: QueueTableProps) {
  const words = usePage().strings.value.queues;
  return (
    <section class="panel panel--queues card" aria-labelledby="queues-title">
      <h2 id="queues-title" class="panel__title">
        {words.title}
      </h2>
      <div class="scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words.columns.queue}</th>
              <th scope="col" class="number">
                {words.columns.waiting}
              </th>
              <th scope="col" class="number">
                {words.columns.longest}
              </th>
              <th scope="col" class="number">
                {words.columns.ready}
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueLine key={queue.name} queue={queue} isShown={shown === queue.name} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface QueueLineProps {
  queue: WallQueue;
  isShown: boolean;
  onChoose: (queue: string | null) => void;
}

function QueueLine({ queue, isShown, onChoose }: QueueLineProps) {
  const { live, strings } = usePage();
  const words = strings.value.queues;
  const tone = useMemo(() => computed(() => `tone-${toneOf(queue, live.now.value)}`), [live, queue]);
  return (
    <tr class={tone}>
      <th scope="row">
        <button
          type="button"
          class="queues__name"
          aria-pressed={isShown}
          aria-label={words.show(queue.name)}
          onClick={() => onChoose(isShown ? null : queue.name)}
        >
          {queue.name}
        </button>
      </th>
      <td class="number">
        {queue.waiting}
        {queue.callbacks > 0 && <span class="queues__more"> + {words.callbacks(queue.callbacks)}</span>}
      </td>
      <td class="number queues__longest">
        {queue.waitingSince === null ? '–' : <Timer since={queue.waitingSince} />}
      </td>
      <td class="number">{words.ready(queue.ready, queue.agents.length)}</td>
    </tr>
  );
}

/** Share of the longest wait from which a wait is coloured. */
const CLOSE = 0.75;

/** How urgent a queue is: the alarm says it in words. */
function toneOf({ waitingSince, longestWaitSeconds, unattendedSince }: WallQueue, now: number): Tone {
  const share = waitingSince === null ? 0 : (now - waitingSince) / 1000 / longestWaitSeconds;
  if (share >= 1) return 'end';
  return share >= CLOSE || unattendedSince !== null ? 'trouble' : 'neutral';
}

function Callers({ queue, onShowAll }: { queue: string | null; onShowAll: () => void }) {
  const { live, opened, strings } = usePage();
  const words = strings.value.callers;
  const view = live.view.value;
  const [wanted, setWanted] = useState<WaitingKind>('inbound');
  const lists = useMemo(
    () => ({
      inbound: view === null ? [] : waitingRows(view, 'inbound', queue),
      callback: view === null ? [] : waitingRows(view, 'callback', queue),
    }),
    [view, queue],
  );
  const kind = wanted === 'callback' && lists.callback.length === 0 ? 'inbound' : wanted;
  const other = kind === 'inbound' ? 'callback' : 'inbound';
  const rows = lists[kind];
  const title = queue === null ? words.title[kind] : words.of[kind](queue);
  return (
    <section class="panel panel--callers card" aria-labelledby="callers-title">
      <div class="panel__head">
        <h2 id="callers-title" class="panel__title">
          {title} <span class="filter__count">{rows.length}</span>
        </h2>
        <div class="panel__buttons">
          {(other === 'inbound' || lists.callback.length > 0) && (
            <button type="button" class="button button--text" onClick={() => setWanted(other)}>
              {words.title[other]} {lists[other].length}
            </button>
          )}
          {queue !== null && (
            <button type="button" class="button button--text" onClick={onShowAll}>
              <Icon icon={X} />
              {words.all}
            </button>
          )}
        </div>
      </div>
      {rows.length === 0 ? (
        <div class="empty">
          <p class="empty__title">{words.none}</p>
        </div>
      ) : (
        <RowList
          label={title}
          rows={rows}
          class="caller"
          columns={[
            { name: words.columns.place, class: 'number' },
            { name: words.columns.caller },
            { name: words.columns.queue },
            { name: words.columns.waited[kind], class: 'number' },
            { name: words.columns.hears[kind] },
          ]}
          rowClass={({ state }) => (state === 'recovering' ? 'tone-trouble' : 'tone-neutral')}
          onOpen={({ id }) => {
            opened.value = { kind: 'call', id };
          }}
        >
          {callerCells}
        </RowList>
      )}
    </section>
  );
}

const callerCells = (call: WallCall) => <CallerCells call={call} />;

function CallerCells({ call }: { call: WallCall }) {
  const { nameOf, strings } = usePage();
  const words = strings.value;
  return (
    <>
      <span class="caller__place number">
        <span class="visually-hidden">{words.callers.columns.place} </span>
        {call.place}
      </span>{' '}
      <bdi class="caller__number">{nameOf(call.from)}</bdi> <span class="caller__queue">{call.queue}</span>{' '}
      <span class="caller__waited number">
        <Timer since={call.waitingSince} />
      </span>{' '}
      <span class="caller__hears">
        {call.kind === 'callback' ? words.callState[call.state] : words.hears[call.callerHears]}
        {call.kind !== 'callback' &&
          (call.state === 'recovering' || call.state === 'offered') &&
          ` · ${words.callState[call.state]}`}
      </span>
    </>
  );
}
