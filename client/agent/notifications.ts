import { type ReadonlySignal, signal } from '@preact/signals';
import { isRecord } from '../session/request.ts';

/** Notices outside the page. The browser asks the agent only when a button was pressed for it. */
export interface Notifications {
  permission: ReadonlySignal<NotificationPermission | 'unsupported'>;
  ask(): Promise<void>;
  /** Shows a notice of a call, or does nothing where that is not allowed. Returns how to take it away. */
  show(notice: Notice): () => void;
}

interface Notice {
  title: string;
  body: string;
  /** The call. */
  tag: string;
  /** Names of the buttons, where the browser can show some. */
  actions: Record<NoticeAction, string>;
}

export type NoticeAction = 'answer' | 'reject';

/** Notices with buttons, which not every version of a browser's types knows. */
interface ButtonedNotice extends NotificationOptions {
  actions: { action: string; title: string }[];
}

/** @param onAction a button of a notice was pressed; the call may be over */
export function createNotifications(
  window: Window & typeof globalThis,
  onAction: (call: string, action: NoticeAction) => void,
): Notifications {
  const supported = 'Notification' in window;
  const permission = signal<NotificationPermission | 'unsupported'>(
    supported ? window.Notification.permission : 'unsupported',
  );
  const workers = supported ? window.navigator.serviceWorker : undefined;
  let worker: ServiceWorkerRegistration | null = null;

  /** Without it, notices have no buttons. */
  async function register(): Promise<void> {
    worker = (await workers?.register('notices.js').catch(() => null)) ?? null;
  }
  if (permission.peek() === 'granted') {
    void register();
  }
  workers?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isRecord(data) && data.switchboard === 'notice' && typeof data.call === 'string') {
      const { action, call } = data;
      if (action === 'answer' || action === 'reject') {
        onAction(call, action);
      }
    }
  });

  function showPlain(title: string, options: NotificationOptions): () => void {
    try {
      const notice = new window.Notification(title, options);
      notice.onclick = () => {
        window.focus();
        notice.close();
      };
      return () => notice.close();
    } catch {
      // Browsers on phones have the class but let only service workers use it.
      return () => {};
    }
  }

  return {
    permission,
    async ask() {
      if (supported) {
        permission.value = await window.Notification.requestPermission();
        if (permission.peek() === 'granted') {
          await register();
        }
      }
    },
    show({ title, body, tag, actions }) {
      if (permission.peek() !== 'granted') {
        return () => {};
      }
      // The page makes the sound: the notice is silent, and stays until the call stops ringing.
      const options: NotificationOptions = { body, tag, requireInteraction: true, silent: true };
      const registered = worker;
      if (!registered?.active) {
        return showPlain(title, options);
      }
      const buttoned: ButtonedNotice = {
        ...options,
        data: { call: tag, tab: window.location.href },
        actions: [
          { action: 'answer', title: actions.answer },
          { action: 'reject', title: actions.reject },
        ],
      };
      const shown = registered.showNotification(title, buttoned).catch(() => {});
      return () => {
        void shown
          .then(() => registered.getNotifications({ tag }))
          .then((notices) => {
            for (const notice of notices) {
              notice.close();
            }
          });
      };
    },
  };
}
