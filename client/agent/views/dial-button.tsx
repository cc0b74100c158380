import { Grip } from 'lucide';
import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { usePage } from './context.ts';

type Pad = FunctionComponent<{ onClose: () => void }>;

/** Opens the dial pad, where this page can call; it closes when a call begins. */
export function DialButton() {
  const { agent, strings } = usePage();
  const [isOpen, setOpen] = useState(false);
  const [Pad, setPad] = useState<Pad | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isReady = agent.dialler.isReady.value;
  // Keeps its room while the line opens, so that nothing below it is pushed down.
  const isComing =
    agent.line.state.value.name === 'connecting' &&
    agent.calls.phase.value.name === 'idle' &&
    agent.line.calledInstead.value === null;

  useEffect(() => {
    if (!isReady) {
      setOpen(false);
    }
  }, [isReady]);

  async function toggle(): Promise<void> {
    agent.dialler.forgetProblem();
    setOpen(!isOpen);
    if (Pad === null) {
      // With it comes what is known of all countries' numbers.
      const { DialPad } = await import('./dial-pad.tsx');
      setPad(() => DialPad);
    }
  }

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  return isReady || isComing ? (
    <section class="dial">
      {isReady && (
        <button
          type="button"
          class="button dial__button"
          ref={button}
          aria-expanded={isOpen}
          aria-controls="dial-pad"
          onClick={() => void toggle()}
        >
          <Icon icon={Grip} />
          {strings.value.actions.dial}
        </button>
      )}
      <div id="dial-pad">{isOpen && Pad !== null && <Pad onClose={close} />}</div>
    </section>
  ) : null;
}
