import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  /** Whether it shows lists or charts, and takes more room. */
  isWide?: boolean;
  /** The dialog was closed, by Escape or by a button. */
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog, open while it is rendered. */
export function Dialog({ title, isWide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isWide ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={heading}
      onClose={onClose}
    >
      <h2 id={heading} class="dialog__title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
