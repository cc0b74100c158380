import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  /** The dialog went away: by Escape, or because a button in it closed it. */
  onClose: () => void;
  children: ComponentChildren;
}

/** A question or a list before everything else on the page. It is open as long as it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading} class="dialog__title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
