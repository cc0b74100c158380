import { signal } from '@preact/signals';
import { SignalHigh, SignalLow, SignalMedium } from 'lucide';
import { useEffect } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { type CallCounts, type CallQuality, countsIn, qualityBetween } from './quality.ts';
import { useWorkspace } from './use-workspace.ts';

const EVERY_MS = 4_000;

const icons = { good: SignalHigh, fair: SignalMedium, poor: SignalLow };

/** The connection of the call that is talked in; null until it was looked at twice. */
const quality = signal<CallQuality | null>(null);

/** How good the connection is, in words. */
export function ConnectionQuality() {
  const { agent, words } = useWorkspace();
  const phase = agent.calls.phase.value;
  const callId = phase.name === 'in-call' ? phase.call.id : null;
  const { statistics } = agent.calls;
  const { log } = agent;

  useEffect(() => {
    let before: CallCounts | null = null;
    let isOver = callId === null;
    async function look(): Promise<void> {
      const now = countsIn(await statistics());
      if (!isOver && now && before) {
        const { level, because } = qualityBetween(before, now);
        if (level !== quality.peek()?.level || because !== quality.peek()?.because) {
          log.add(`connection: ${level}${because === null ? '' : ` (${because})`}`);
        }
        quality.value = { level, because };
      }
      before = now;
    }
    const timer = setInterval(() => void look(), EVERY_MS);
    void look();
    return () => {
      isOver = true;
      clearInterval(timer);
      quality.value = null;
    };
  }, [callId]);

  const { value } = quality;
  return value ? (
    <span class={`quality quality--${value.level}`}>
      <Icon icon={icons[value.level]} /> {words.quality[value.level]}
    </span>
  ) : null;
}

/** What helps where the connection is not good. */
export function QualityAdvice() {
  const { words } = useWorkspace();
  const because = quality.value?.because;
  return (
    <div class="quality-advice" aria-live="polite">
      {because && <p class="note note--trouble">{words.quality.advice[because]}</p>}
    </div>
  );
}
