import type { Ncco } from '../../../domain/ncco/ncco.ts';
import type { Rung, StepRung } from './ladder.ts';

/** What the caller hears. */
export type CallerAudio =
  /** The tone of a call that nobody answered yet; `who` is the agent whom Vonage rings, if it does. */
  | { name: 'ringing'; who: string | null }
  | { name: 'message'; text: string }
  /** What the NCCO plays: a file, a conference, a question, a beep. */
  | { name: 'playing'; action: 'stream' | 'conversation' | 'input' | 'record' }
  | { name: 'talking'; who: string | null }
  /** The line is open, and nothing is on it. */
  | { name: 'nothing' }
  | { name: 'over' };

/** What the caller hears now, as far as legs and NCCO tell; null where nothing is known of the caller. */
export function callerAudioOf(rungs: readonly Rung[]): CallerAudio | null {
  const last = rungs.at(-1);
  if (!last || last.after.caller === 'absent') {
    return null;
  }
  const { caller, agent, isTalking } = last.after;
  if (caller === 'gone') {
    return { name: 'over' };
  }
  if (isTalking) {
    return { name: 'talking', who: agent.name };
  }
  if (agent.stage === 'ringing') {
    return { name: 'ringing', who: agent.name };
  }
  if (caller === 'ringing') {
    return { name: 'ringing', who: null };
  }
  return heardOfNcco(rungs.filter((rung) => rung.type === 'step'));
}

/** What the last NCCO gives to hear first, unless it came to its end or was refused. */
function heardOfNcco(steps: readonly StepRung[]): CallerAudio | null {
  const isEnd = ({ kind }: StepRung) =>
    kind.name === 'error' || (kind.name === 'leg' && kind.party === 'agent');
  const isForCaller = ({ kind }: StepRung) => kind.name === 'instructs' && kind.party === 'caller';
  const last = steps.findLast((step) => isForCaller(step) || isEnd(step));
  if (!last) {
    return null;
  }
  for (const action of last.kind.name === 'instructs' ? last.kind.ncco : []) {
    const heard = heardOfAction(action);
    if (heard) {
      return heard;
    }
  }
  return { name: 'nothing' };
}

function heardOfAction(action: Ncco[number]): CallerAudio | null {
  switch (action.action) {
    case 'talk':
      return { name: 'message', text: action.text };
    case 'connect':
      return { name: 'ringing', who: null };
    case 'stream':
    case 'conversation':
    case 'input':
    case 'record':
      return { name: 'playing', action: action.action };
    default:
      return null;
  }
}
