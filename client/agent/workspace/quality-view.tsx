import { SignalHigh, SignalLow, SignalMedium } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { type CallCounts, type CallQuality, countsIn, qualityBetween } from './quality.ts';
import { useWorkspace } from './use-workspace.ts';

const EVERY_MS = 4_000;

const icons = { good: SignalHigh, fair: SignalMedium, poor: SignalLow };

/** How good the connection is, in words, with advice where it is not. */
export function ConnectionQuality() {
  const { agent, words } = useWorkspace();
  const phase = agent.calls.phase.value;
  const callId = phase.name === 'in-call' ? phase.call.id : null;
  const quality = useQuality(callId, agent.calls.statistics);
  if (quality === null) {
    return null;
  }
  const advice = quality.because && words.quality.advice[quality.because];
  return (
    <p class={`quality quality--${quality.level}`} aria-live="polite">
      <Icon icon={icons[quality.level]} />
      <span>
        {words.quality[quality.level]}
        {advice && `. ${advice}`}
      </span>
    </p>
  );
}

function useQuality(
  callId: string | null,
  statistics: () => Promise<readonly Record<string, unknown>[]>,
): CallQuality | null {
  const [quality, setQuality] = useState<CallQuality | null>(null);
  useEffect(() => {
    setQuality(null);
    if (callId === null) {
      return;
    }
    let before: CallCounts | null = null;
    let isOver = false;
    async function look(): Promise<void> {
      const now = countsIn(await statistics());
      if (!isOver && now && before) {
        setQuality(qualityBetween(before, now));
      }
      before = now;
    }
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [callId]);
  return quality;
}
