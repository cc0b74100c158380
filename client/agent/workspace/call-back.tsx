import { Phone } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import type { DialProblem } from '../dialler.ts';
import { usePage } from '../views/context.ts';

/** Calls a number of a list, and says below it why it was not called. */
export function CallBack({ number, name }: { number: string; name: string }) {
  const { agent, strings } = usePage();
  const { dialler } = agent;
  const [problem, setProblem] = useState<DialProblem | null>(null);

  async function callBack(): Promise<void> {
    setProblem(null);
    await dialler.dial(number);
    setProblem(dialler.problem.peek());
  }

  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={name}
        title={name}
        disabled={!dialler.isReady.value}
        onClick={() => void callBack()}
      >
        <Icon icon={Phone} />
      </button>
      {problem && (
        <p role="alert" class="history__problem">
          {strings.value.dial.problems[problem]}
        </p>
      )}
    </>
  );
}
