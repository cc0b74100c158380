import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallSummary } from '../../domain/calls/call.ts';
import { applyMessages, type CallList, firstPage, MOST_ROWS, nextPage, without } from './call-list.ts';
import { message, NOON, pageOf, summary } from './fake-messages.ts';

const empty: CallList = { rows: [], rest: null };
const ids = (list: CallList) => list.rows.map(({ id }) => id);

/** Calls of which some are told several times, each time newer. */
const histories = fc
  .array(fc.nat({ max: 19 }), { maxLength: 60 })
  .map((numbers) => numbers.map((number, index) => summary(number, { lastEntryId: index })));

/** The newest state of each call, newest call first. */
function newest(states: readonly CallSummary[]): CallSummary[] {
  return [...new Map(states.map((state) => [state.id, state])).values()].sort(
    (a, b) => b.firstSeenAt - a.firstSeenAt,
  );
}

describe('a list', () => {
  it('is the same for any order and repetition of messages', () => {
    const deliveries = histories.chain((states) =>
      fc
        .array(fc.subarray(states), { minLength: 1, maxLength: 4 })
        .chain((repeated) => {
          const all = [...states, ...repeated.flat()];
          return fc.shuffledSubarray(all, { minLength: all.length });
        })
        .chain((all) =>
          fc.array(fc.nat({ max: all.length }), { maxLength: 5 }).map((cuts) => ({ all, cuts })),
        )
        .map(({ all, cuts }) => ({ states, batches: cutAt(all, cuts) })),
    );
    fc.assert(
      fc.property(deliveries, ({ states, batches }) => {
        const list = batches.reduce(
          (grown, batch) =>
            applyMessages(
              grown,
              batch.map((call) => message(call)),
              {},
            ),
          empty,
        );
        expect(list.rows).toEqual(newest(states));
      }),
    );
  });

  it('is the same whether a page or the feed arrives first', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 60 }), (states, cut) => {
        const page = pageOf(newest(states.slice(0, cut)));
        const later = states.slice(cut).map((call) => message(call));
        expect(applyMessages(firstPage(page), later, {}).rows).toEqual(newest(states));
        expect(nextPage(applyMessages(empty, later, {}), page).rows).toEqual(newest(states));
      }),
    );
  });

  it('keeps rows that have not changed', () => {
    const list = firstPage(pageOf([summary(2), summary(1)]));
    const after = applyMessages(list, [message(summary(1, { lastEntryId: 9 }))], {});
    expect(after.rows[0]).toBe(list.rows[0]);
    expect(after.rows[1]).not.toBe(list.rows[1]);
  });

  it('moves a call that turns out to be older', () => {
    const list = firstPage(pageOf([summary(3), summary(2), summary(1)]));
    const older = summary(3, { firstSeenAt: NOON, lastEntryId: 9 });
    expect(ids(applyMessages(list, [message(older)], {}))).toEqual(['CON-2', 'CON-1', 'CON-3']);
  });

  it('can drop a call', () => {
    expect(ids(without(firstPage(pageOf([summary(2), summary(1)])), 'CON-2'))).toEqual(['CON-1']);
  });
});

describe('a call known only by a leg', () => {
  const leg = summary(5, { id: 'leg:A' });
  const list = firstPage(pageOf([leg, summary(1)]));
  const known = message(summary(5, { lastEntryId: 6 }), { uuid: 'A' });

  it('is then listed once, by its own ID', () => {
    expect(ids(applyMessages(list, [known], {}))).toEqual(['CON-5', 'CON-1']);
    expect(ids(applyMessages(empty, [message(leg, { uuid: 'A' }), known], {}))).toEqual(['CON-5']);
  });

  it('can be identified by an event with another leg ID', () => {
    const machine = message(summary(5, { lastEntryId: 6 }), { uuid: undefined, call_uuid: 'A' });
    expect(ids(applyMessages(list, [machine], {}))).toEqual(['CON-5', 'CON-1']);
  });

  it('stays in a search that had found it', () => {
    const query = { text: 'declined' };
    expect(ids(applyMessages(list, [known], query))).toEqual(['CON-5', 'CON-1']);
    expect(ids(applyMessages(empty, [known], query))).toEqual([]);
    const found = message(leg, { uuid: 'A', detail: 'declined' });
    expect(ids(applyMessages(empty, [found, known], query))).toEqual(['CON-5']);
  });

  it('merges into the call that its conversation joined', () => {
    const part = firstPage(pageOf([summary(7), summary(5), summary(1)]));
    const moved = { conversation_uuid_from: 'CON-7', conversation_uuid_to: 'CON-N' };
    const transfer = message(summary(5, { lastEntryId: 8 }), moved);
    expect(ids(applyMessages(part, [transfer], {}))).toEqual(['CON-5', 'CON-1']);
    const later = message(summary(5, { lastEntryId: 8, aliases: ['CON-7'] }));
    expect(ids(applyMessages(part, [later], {}))).toEqual(['CON-5', 'CON-1']);
  });

  it('is not confused with another one', () => {
    const other = message(summary(6), { uuid: 'B' });
    expect(ids(applyMessages(list, [other], {}))).toEqual(['CON-6', 'leg:A', 'CON-1']);
  });
});

describe('a filtered list', () => {
  const ringing = { status: 'ringing' } as const;
  const list = firstPage(pageOf([summary(2), summary(1)]));

  it('drops a call that no longer matches', () => {
    const answered = summary(1, { status: 'in-call', lastEntryId: 9 });
    expect(ids(applyMessages(list, [message(answered)], ringing))).toEqual(['CON-2']);
  });

  it('adds a call when it starts to match', () => {
    const ended = applyMessages(list, [message(summary(3, { status: 'ended' }))], ringing);
    expect(ids(ended)).toEqual(['CON-2', 'CON-1']);
    expect(ids(applyMessages(ended, [message(summary(3, { lastEntryId: 9 }))], ringing))).toEqual([
      'CON-3',
      'CON-2',
      'CON-1',
    ]);
  });

  it('uses the newest of several messages, in any order', () => {
    const messages = [
      message(summary(1, { status: 'ended', lastEntryId: 9 })),
      message(summary(1, { lastEntryId: 8 })),
    ];
    expect(ids(applyMessages(list, messages, ringing))).toEqual(['CON-2']);
    expect(ids(applyMessages(list, messages.reverse(), ringing))).toEqual(['CON-2']);
  });

  it('adds a call if any message has the text, and keeps one that had it before', () => {
    const query = { text: 'declined' };
    const told = applyMessages(
      list,
      [
        message(summary(3), { detail: 'declined' }),
        message(summary(3, { lastEntryId: 8 })),
        message(summary(4)),
        message(summary(1, { lastEntryId: 9 })),
      ],
      query,
    );
    expect(ids(told)).toEqual(['CON-3', 'CON-2', 'CON-1']);
    expect(told.rows.map(({ lastEntryId }) => lastEntryId)).toEqual([8, 2, 9]);
  });
});

describe('a list with older calls not loaded', () => {
  const list = firstPage(pageOf([summary(9), summary(8)], 'cursor-1'));

  it('knows where to continue', () => {
    expect(list.rest).toEqual({ cursor: 'cursor-1' });
    expect(nextPage(list, pageOf([], 'cursor-2')).rest).toEqual({ cursor: 'cursor-2' });
    expect(nextPage(list, pageOf([])).rest).toBeNull();
  });

  it('has an older call from the feed in its place, once, even when its page arrives', () => {
    const told = applyMessages(list, [message(summary(3, { lastEntryId: 10 }))], {});
    expect(ids(told)).toEqual(['CON-9', 'CON-8', 'CON-3']);
    const loaded = nextPage(told, pageOf([summary(7), summary(3), summary(2)]));
    expect(ids(loaded)).toEqual(['CON-9', 'CON-8', 'CON-7', 'CON-3', 'CON-2']);
    expect(loaded.rows[3]?.lastEntryId).toBe(10);
  });
});

it('drops the oldest rows when it is too long, and knows where to reload them', () => {
  const many = Array.from({ length: MOST_ROWS + 1 }, (_, index) => message(summary(index)));
  const list = applyMessages(empty, many, {});
  expect(list.rows.length).toBeLessThan(MOST_ROWS);
  expect(list.rows[0]).toEqual(summary(MOST_ROWS));
  expect(list.rest).toEqual({ before: list.rows.at(-1)?.firstSeenAt });
});

function cutAt<Item>(items: readonly Item[], cuts: readonly number[]): Item[][] {
  const ends = [...cuts, items.length].sort((a, b) => a - b);
  return ends.map((end, index) => items.slice(ends[index - 1] ?? 0, end));
}
