import { type ReadonlySignal, signal } from '@preact/signals';

/** Notices outside the page. The browser asks the agent only when a button was pressed for it. */
export interface Notifications {
  permission: ReadonlySignal<NotificationPermission | 'unsupported'>;
  ask(): Promise<void>;
  /** Shows a notice, or does nothing where that is not allowed. Returns how to take it away. */
  show(notice: { title: string; body: string; tag: string }): () => void;
}

export function createNotifications(window: Window & typeof globalThis): Notifications {
  const supported = 'Notification' in window;
  const permission = signal<NotificationPermission | 'unsupported'>(
    supported ? window.Notification.permission : 'unsupported',
  );
  return {
    permission,
    async ask() {
      if (supported) {
        permission.value = await window.Notification.requestPermission();
      }
    },
    show({ title, body, tag }) {
      if (permission.peek() !== 'granted') {
        return () => {};
      }
      try {
        // The page makes the sound: the notice is silent, and stays until the call stops ringing.
        const notice = new window.Notification(title, { body, tag, requireInteraction: true, silent: true });
        notice.onclick = () => {
          window.focus();
          notice.close();
        };
        return () => notice.close();
      } catch {
        // Browsers on phones have the class but let only service workers use it.
        return () => {};
      }
    },
  };
}
