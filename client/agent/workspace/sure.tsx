import { Dialog } from '../../../ui/dialog.tsx';

interface SureProps {
  question: string;
  yes: string;
  no: string;
  onYes: () => void;
  onNo: () => void;
}

/** Asks before something is gone for good. */
export function Sure({ question, yes, no, onYes, onNo }: SureProps) {
  return (
    <Dialog title={question} onClose={onNo}>
      <div class="dialog__actions">
        <button type="button" class="button" onClick={onNo}>
          {no}
        </button>
        <button type="button" class="button button--end" onClick={onYes}>
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
