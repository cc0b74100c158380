import { ExternalLink } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { AgentControlRequest } from '../../../domain/api/desk-api.ts';
import type { WallCall } from '../../../domain/api/wall-api.ts';
import type { Control, SupervisionMode } from '../../../domain/desk/controls.ts';
import type { Choice } from '../../../domain/desk/desk.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { causeWords } from '../../strings/causes.ts';
import { agentRows } from '../board.ts';
import type { ActionResult } from '../live-wall.ts';
import { agentStateWords } from './agents-view.tsx';
import { usePage } from './context.ts';
import { Timer } from './timer.tsx';

/** What came of the last action of a dialog. */
type Outcome = 'busy' | ActionResult | null;

interface Acting {
  outcome: Outcome;
  /** Does one thing at a time. */
  act: (request: () => Promise<ActionResult>) => void;
}

function useActing(): Acting {
  const [outcome, setOutcome] = useState<Outcome>(null);
  return {
    outcome,
    act(request) {
      if (outcome === 'busy') return;
      setOutcome('busy');
      void request().then(setOutcome);
    },
  };
}

/** An agent: what is known of her, and what a supervisor can do. */
export function AgentDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { live, nameOf, strings } = usePage();
  const words = strings.value;
  const view = live.view.value;
  const acting = useActing();
  const row = view === null ? undefined : agentRows(view).find(({ id }) => id === name);
  const tell = (control: AgentControlRequest) => acting.act(() => live.controlAgent(name, control));
  const isInCall = row !== undefined && row.agent.load !== 'free' && row.agent.load !== 'wrap-up';

  return (
    <Dialog title={name} onClose={onClose}>
      {row && (
        <>
          <dl class="facts">
            <Fact name={words.manage.facts.state}>{agentStateWords(words, row)}</Fact>
            <Fact name={words.manage.facts.since}>
              <Timer since={row.since} />
            </Fact>
            {row.call && (
              <>
                <Fact name={words.manage.facts.caller}>
                  <bdi>{nameOf(row.call.from)}</bdi>
                </Fact>
                <Fact name={words.manage.facts.queue}>{row.call.queue}</Fact>
                <Fact name={words.manage.facts.hears}>{words.hears[row.call.callerHears]}</Fact>
              </>
            )}
          </dl>
          {row.call && <CallActions call={row.call} acting={acting} />}
          <Group title={isInCall ? words.manage.setAfterCall : words.manage.setStatus}>
            {(['available', 'away', 'offline'] satisfies Choice[]).map((choice) => (
              <button
                key={choice}
                type="button"
                class="button"
                aria-pressed={(isInCall ? row.agent.next?.choice : row.agent.choice) === choice}
                onClick={() => tell({ action: 'choose', choice, ...(isInCall && { next: true }) })}
              >
                {words.manage.status[choice]}
              </button>
            ))}
          </Group>
          <Group>
            {row.agent.load === 'wrap-up' && (
              <button type="button" class="button" onClick={() => tell({ action: 'end wrap-up' })}>
                {words.manage.endWrapUp}
              </button>
            )}
            <Confirmed
              words={words.manage.signOut}
              question={words.manage.confirmSignOut(name)}
              onConfirm={() => tell({ action: 'sign out' })}
            />
          </Group>
        </>
      )}
      <Result outcome={acting.outcome} />
      <CloseButton />
    </Dialog>
  );
}

/** A caller: what is known, and what a supervisor can do. */
export function CallDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { live, nameOf, strings } = usePage();
  const words = strings.value;
  const acting = useActing();
  const call = live.view.value?.calls.find((each) => each.id === id);
  // The dialog keeps its name when the call ends while it is open.
  const [title] = useState(() => nameOf(call?.from ?? null));
  return (
    <Dialog title={title} onClose={onClose}>
      {call ? (
        <>
          <dl class="facts">
            <Fact name={words.manage.facts.state}>{words.callState[call.state]}</Fact>
            <Fact name={words.manage.facts.queue}>{call.queue}</Fact>
            <Fact name={words.manage.facts.waited}>
              <Timer since={call.waitingSince} />
            </Fact>
            <Fact name={words.manage.facts.hears}>{words.hears[call.callerHears]}</Fact>
            {call.agent !== null && <Fact name={words.manage.facts.agent}>{call.agent}</Fact>}
          </dl>
          <CallActions call={call} acting={acting} />
        </>
      ) : (
        <p>{words.manage.gone}</p>
      )}
      <Result outcome={acting.outcome} />
      <CloseButton />
    </Dialog>
  );
}

/** What a supervisor can do with a call as it is now: only that. */
function CallActions({ call, acting }: { call: WallCall; acting: Acting }) {
  const { live, namedAgent, nameOf, strings } = usePage();
  const words = strings.value.manage;
  const [isPrivate, setPrivate] = useState(false);
  const stage = live.session.stage.value;
  const session = 'session' in stage ? stage.session : null;
  const own = namedAgent ?? session?.agent ?? null;
  const queues = live.view.value?.queues ?? [];
  const supervisors = call.supervisors.filter(({ name }) => name !== null);
  const mine = supervisors.find(({ name }) => name === own);
  const tell = (control: Control) =>
    acting.act(() =>
      live.controlCall(call.id, { ...control, ...(namedAgent !== null && { agent: namedAgent }) }),
    );
  // The supervisor's own leg rings at the agent page: without that page, nothing can be heard.
  const canJoin =
    (session?.roles.includes('agent') ?? false) &&
    call.agent !== own &&
    (call.state === 'talking' || call.state === 'held');

  return (
    <>
      {supervisors.length > 0 && (
        <p class="manage__supervisors">
          {words.supervisors}:{' '}
          {supervisors
            .map(({ name, state, supervision }) => {
              const mode = words.modes[supervision?.mode ?? 'listen'];
              return `${name} (${state === 'talking' ? mode : words.supervisorRings(mode)})`;
            })
            .join(', ')}
        </p>
      )}
      {canJoin && (
        <Group title={words.join} advice={`${words.modesMeaning} ${words.joinAdvice}`}>
          {(['listen', 'whisper', 'barge'] satisfies SupervisionMode[]).map((mode) => (
            <button
              key={mode}
              type="button"
              class="button"
              aria-pressed={mine?.supervision?.mode === mode}
              onClick={() => tell({ action: 'supervise', mode, private: isPrivate })}
            >
              {words.modes[mode]}
            </button>
          ))}
          {mine && (
            <button type="button" class="button" onClick={() => tell({ action: 'leave' })}>
              {words.leave}
            </button>
          )}
          <label class="manage__private">
            <input
              type="checkbox"
              checked={isPrivate}
              onChange={(event) => setPrivate(event.currentTarget.checked)}
            />
            {words.private}
          </label>
          <a
            href={namedAgent === null ? './' : `./?agent=${encodeURIComponent(namedAgent)}`}
            target="_blank"
            rel="noopener"
          >
            {words.openAgentPage} <Icon icon={ExternalLink} />
          </a>
        </Group>
      )}
      {call.place !== null && call.kind === 'inbound' && (
        <Group title={words.move}>
          {call.place > 1 && (
            <button type="button" class="button" onClick={() => tell({ action: 'move', to: 'front' })}>
              {words.toFront}
            </button>
          )}
          {queues
            .filter(({ name }) => name !== call.queue)
            .map(({ name }) => (
              <button
                key={name}
                type="button"
                class="button"
                onClick={() => tell({ action: 'move', to: { queue: name } })}
              >
                {words.toQueue(name)}
              </button>
            ))}
        </Group>
      )}
      <Group>
        <Confirmed
          words={words.endCall}
          question={words.confirmEndCall(nameOf(call.from))}
          onConfirm={() => tell({ action: 'end' })}
        />
      </Group>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="facts__item">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface GroupProps {
  title?: string;
  advice?: string;
  children: ComponentChildren;
}

/** Buttons that belong together. */
function Group({ title, advice, children }: GroupProps) {
  return (
    <div class="manage">
      {title !== undefined && <h3 class="manage__title">{title}</h3>}
      {advice !== undefined && <p class="manage__advice">{advice}</p>}
      <div class="manage__buttons">{children}</div>
    </div>
  );
}

interface ConfirmedProps {
  words: string;
  question: string;
  onConfirm: () => void;
}

/** A button for what cannot be undone: it asks once more, in the same place. */
function Confirmed({ words, question, onConfirm }: ConfirmedProps) {
  const { manage } = usePage().strings.value;
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" class="button button--end" onClick={() => setAsking(true)}>
        {words}
      </button>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: it asks one question, and is no set of fields
    <span class="manage__question" role="group" aria-label={question}>
      {question}
      <button
        type="button"
        class="button button--end"
        ref={(button) => button?.focus()}
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {manage.confirm}
      </button>
      <button type="button" class="button" onClick={() => setAsking(false)}>
        {manage.cancel}
      </button>
    </span>
  );
}

/** What came of the last action, in words. */
function Result({ outcome }: { outcome: Outcome }) {
  const { nameOf, strings } = usePage();
  const { causes, manage } = strings.value;
  if (outcome === null || outcome === 'busy') return <p class="manage__result" role="status" />;
  if (outcome.ok) {
    return (
      <p class="manage__result" role="status">
        {manage.done}
      </p>
    );
  }
  return (
    <p class="manage__result manage__result--failed" role="alert">
      {outcome.failure === 'unreachable'
        ? manage.failed
        : causeWords(causes, outcome.words, outcome.cause, nameOf)}
    </p>
  );
}

function CloseButton() {
  const { close } = usePage().strings.value;
  return (
    <form method="dialog" class="dialog__actions">
      <button type="submit" class="button">
        {close}
      </button>
    </form>
  );
}
