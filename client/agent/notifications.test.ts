import { describe, expect, it } from 'vitest';
import { createNotifications, type NoticeAction } from './notifications.ts';

interface Shown {
  title: string;
  options: NotificationOptions & { actions?: { action: string; title: string }[] };
  isClosed: boolean;
}

/** A browser's window, as far as notices go. */
function fakeWindow({ hasWorker = true, permission = 'granted' as NotificationPermission } = {}) {
  const shown: Shown[] = [];
  const plain: Shown[] = [];
  class Notice {
    static permission = permission;
    static requestPermission = async () => permission;
    onclick: (() => void) | null = null;
    readonly #shown: Shown;
    constructor(title: string, options: NotificationOptions) {
      this.#shown = { title, options, isClosed: false };
      plain.push(this.#shown);
    }
    close(): void {
      this.#shown.isClosed = true;
    }
  }
  const worker = {
    active: {},
    async showNotification(title: string, options: Shown['options']) {
      shown.push({ title, options, isClosed: false });
    },
    getNotifications: async ({ tag }: { tag: string }) =>
      shown
        .filter(({ options }) => options.tag === tag)
        .map((one) => ({
          close() {
            one.isClosed = true;
          },
        })),
  };
  const container = Object.assign(new EventTarget(), {
    register: async () => (hasWorker ? worker : Promise.reject(new Error('No worker.'))),
  });
  const window: Window & typeof globalThis = Object.create({});
  Object.defineProperties(window, {
    Notification: { value: Notice },
    navigator: { value: { serviceWorker: container } },
    location: { value: { href: 'http://127.0.0.1/' } },
    focus: { value: () => {} },
  });
  return { window, shown, plain, container };
}

const notice = {
  title: 'Incoming call',
  body: 'Switchboard',
  tag: 'leg-1',
  actions: { answer: 'Answer', reject: 'Reject' },
};
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('a notice of a call', () => {
  it('has the buttons Answer and Reject, and goes when the call stops ringing', async () => {
    const { window, shown } = fakeWindow();
    const notifications = createNotifications(window, () => {});
    await settled();
    const close = notifications.show(notice);
    await settled();
    expect(shown.map(({ options }) => options.actions?.map(({ title }) => title))).toEqual([
      ['Answer', 'Reject'],
    ]);
    close();
    await settled();
    expect(shown[0]?.isClosed).toBe(true);
  });

  it('answers and rejects the call that it was about', async () => {
    const { window, container } = fakeWindow();
    const pressed: [string, NoticeAction][] = [];
    createNotifications(window, (...what) => pressed.push(what));
    const say = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
    say({ switchboard: 'notice', call: 'leg-1', action: 'answer' });
    say({ switchboard: 'notice', call: 'leg-1', action: '' });
    say({ call: 'leg-1', action: 'answer' });
    say('answer');
    say({ switchboard: 'notice', call: 'leg-2', action: 'reject' });
    expect(pressed).toEqual([
      ['leg-1', 'answer'],
      ['leg-2', 'reject'],
    ]);
  });

  it('is a plain one without a service worker', async () => {
    const { window, shown, plain } = fakeWindow({ hasWorker: false });
    const notifications = createNotifications(window, () => {});
    await settled();
    notifications.show(notice)();
    expect([shown, plain.map(({ isClosed }) => isClosed)]).toEqual([[], [true]]);
  });

  it('is not shown where the agent does not want it', async () => {
    const { window, shown, plain } = fakeWindow({ permission: 'denied' });
    const notifications = createNotifications(window, () => {});
    await settled();
    notifications.show(notice)();
    expect([shown, plain]).toEqual([[], []]);
  });
});
