import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { CallsController } from './calls-controller.ts';
import type { OpenCall } from './open-call.ts';

/** Where the keys go. */
type Focus = 'list' | 'call';

/** Which line of the list the keys are at, and which call is open because of that. */
export interface Selection {
  /** The call at which the keys are; null before the first one. */
  activeId: ReadonlySignal<string | null>;
  /** Where the focus is wanted, until it was taken there. */
  wantedFocus: ReadonlySignal<Focus | null>;
  /** Whether the focus is wanted in a place, which then has to take it. */
  takeFocus(place: Focus): boolean;
  /** Goes so many lines down; beyond either end to the end. */
  move(lines: number): void;
  /** Opens a call that was pointed at. */
  choose(id: string): void;
  /** Opens the call at which the keys are, and goes to it. */
  enter(): void;
  /** Back to the list; where list and call share the screen, the call stays open. */
  leave(): void;
}

interface SelectionOptions {
  calls: Pick<CallsController, 'list'>;
  openCall: Pick<OpenCall, 'id' | 'open'>;
  /** Whether list and call are side by side: then a call opens as soon as the keys reach it. */
  isWide: ReadonlySignal<boolean>;
}

export function createSelection({ calls, openCall, isWide }: SelectionOptions): Selection {
  const moved = signal<string | null>(null);
  const wantedFocus = signal<Focus | null>(null);

  const activeId = computed(() => (isListed(moved.value) ? moved.value : openCall.id.value));

  function isListed(id: string | null): boolean {
    return id !== null && calls.list.value.rows.some((row) => row.id === id);
  }

  function open(id: string, focus: Focus | null): void {
    moved.value = id;
    openCall.open(id);
    wantedFocus.value = focus;
  }

  return {
    activeId,
    wantedFocus,
    takeFocus(place) {
      const isWanted = wantedFocus.peek() === place;
      if (isWanted) {
        wantedFocus.value = null;
      }
      return isWanted;
    },
    move(lines) {
      const { rows } = calls.list.peek();
      const from = rows.findIndex((row) => row.id === activeId.peek());
      const to = Math.max(0, Math.min(rows.length - 1, from < 0 && lines > 0 ? lines - 1 : from + lines));
      const id = rows[to]?.id;
      if (id !== undefined) {
        moved.value = id;
        if (isWide.peek()) {
          openCall.open(id);
        }
      }
    },
    choose: (id) => open(id, isWide.peek() ? null : 'call'),
    enter() {
      const id = activeId.peek();
      if (id !== null && isListed(id)) {
        open(id, 'call');
      }
    },
    leave() {
      if (!isWide.peek()) {
        openCall.open(null);
      }
      wantedFocus.value = 'list';
    },
  };
}
