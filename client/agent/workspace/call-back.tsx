import { Phone } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { useWorkspace } from './use-workspace.ts';

/** Calls a number back, where this page can dial. */
export function CallBack({ number, caller }: { number: string; caller: string }) {
  const { dial, words } = useWorkspace();
  const name = words.lists.callBack(caller);
  return dial === null ? null : (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={() => dial(number)}>
      <Icon icon={Phone} />
    </button>
  );
}
