import { CircleCheck, CirclePause, CircleSlash, type IconNode } from 'lucide';
import type { AgentView } from '../../../domain/api/desk-api.ts';
import type { Choice } from '../../../domain/desk/desk.ts';
import { entriesOf } from '../../../ui/entries.ts';
import { Icon } from '../../../ui/icon.tsx';
import { minuteTime } from '../../../ui/time-words.ts';
import { isAtWork } from '../desk.ts';
import { choiceWords } from '../status-words.ts';
import { usePage } from './context.ts';

const icons: Record<Choice, IconNode> = { available: CircleCheck, away: CirclePause, offline: CircleSlash };

/** What the desk writes where calls rang out; it is no reason that anyone chooses. */
const NO_ANSWER = 'no answer';

/** The agent's own choice, apart from the state of the line. During a call it is about the time after it. */
export function YourStatus() {
  const { agent, strings } = usePage();
  const me = agent.desk.view.value?.me;
  const line = agent.line.state.value.name;
  if (!agent.desk.isOn.value || line === 'signed-out' || line === 'signing-in') {
    return null;
  }
  const words = strings.value.desk;
  const shown = me && isAtWork(me.load) ? (me.next ?? me) : me;
  const choose = (choice: Choice, reason: string | null = null) => void agent.desk.choose(choice, reason);

  return (
    <section class="your-status">
      <fieldset
        class="your-status__choices"
        aria-label={words.status}
        aria-busy={agent.desk.choosing.value === 'pending'}
        disabled={me === undefined}
      >
        {entriesOf(words.choices).map(([choice, name]) => (
          <button
            type="button"
            key={choice}
            class={`status-choice status-choice--${choice}`}
            aria-pressed={shown?.choice === choice}
            onClick={() => choose(choice)}
          >
            <Icon icon={icons[choice]} />
            {name}
          </button>
        ))}
      </fieldset>
      <div class="your-status__more">
        {/* There at all times, so that what comes into it is read. */}
        <p aria-live="polite">
          {agent.desk.choosing.value === 'failed' ? words.notSaved : me && <Told me={me} />}
        </p>
        <Reasons
          isKnown={me !== undefined}
          value={shown?.choice === 'away' ? shown.reason : null}
          onChange={(reason) => choose('away', reason)}
        />
      </div>
      {/* There at all times, so that the question is read out: who missed calls may not look at the page. */}
      <div aria-live="polite">
        {me?.choice === 'away' && me.reason === NO_ANSWER && (
          <div class="still-there">
            <p>{words.stillThere}</p>
            <button type="button" class="button button--accent" onClick={() => choose('available')}>
              {words.imBack}
            </button>
          </div>
        )}
      </div>
    </section>
  );
}

/** The status in words: what holds after the call, or since when it holds. */
function Told({ me }: { me: AgentView }) {
  const { locale, strings } = usePage();
  const words = strings.value.desk;
  if (isAtWork(me.load)) {
    const next = choiceWords(words, me.next ?? me);
    return me.load === 'wrap-up' ? words.afterWrapUp(next) : words.afterCall(next);
  }
  const since = minuteTime(me.since, locale.value);
  // What the desk counts from is the line's while that is down.
  return me.load === 'free' && me.line !== 'down' ? words.since(choiceWords(words, me), since) : null;
}

interface ReasonsProps {
  isKnown: boolean;
  value: string | null;
  onChange: (reason: string | null) => void;
}

/** Why the agent is away: choosing a reason is choosing to be away. */
function Reasons({ isKnown, value, onChange }: ReasonsProps) {
  const { strings } = usePage();
  const words = strings.value.desk;
  const reasons = entriesOf(words.reasons).filter(([reason]) => reason !== NO_ANSWER || reason === value);
  return (
    <select
      class="choice__select status-reason"
      aria-label={words.reason}
      disabled={!isKnown}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value || null)}
    >
      <option value="">{words.reason}</option>
      {reasons.map(([reason, name]) => (
        <option key={reason} value={reason}>
          {name}
        </option>
      ))}
    </select>
  );
}
