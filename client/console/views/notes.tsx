import { RotateCw } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import type { ApiFailure } from '../../session/request.ts';
import type { Loading } from '../calls-controller.ts';
import { usePage } from './context.ts';

interface FailureProps {
  failure: ApiFailure;
  words: string;
  retry: () => void;
}

/** What could not be had, and a way to try again. */
export function Failure({ failure, words, retry }: FailureProps) {
  const { strings } = usePage();
  return (
    <div class="failure" role="alert">
      <p>{failure === 'too-many-tries' ? strings.value.list.tooMany : words}</p>
      <button type="button" class="button" onClick={retry}>
        <Icon icon={RotateCw} />
        {strings.value.retry}
      </button>
    </div>
  );
}

export function isFailure(loading: Loading): loading is Extract<Loading, object> {
  return typeof loading === 'object';
}
