import { Headset, ListTree, Phone } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { AgentView } from '../../../domain/api/desk-api.ts';
import type { Party } from '../../../domain/desk/controls.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Icon } from '../../../ui/icon.tsx';
import type { WorkspaceStrings } from '../../strings/workspace-en.ts';
import { Failure } from './failure.tsx';
import { problemWords, useLoaded, useWorkspace } from './use-workspace.ts';

/** How often the states of the agents are looked at (milliseconds). */
const LOOK_MS = 2_000;

/** More than these are searched. */
const FEW = 8;

/** To whom a call goes: an agent, a queue or a number; at once, or after asking. */
export function TransferDialog({ caller, onClose }: { caller: string; onClose: () => void }) {
  const { agent, api, words } = useWorkspace();
  const text = words.transfer;
  const team = useLoaded('team', api.team);
  const options = useLoaded('options', api.options);
  const [search, setSearch] = useState('');
  const [target, setTarget] = useState('');
  const [number, setNumber] = useState('');
  const findId = useId();
  const numberId = useId();

  useEffect(() => {
    const timer = setInterval(team.reload, LOOK_MS);
    return () => clearInterval(timer);
  }, [team.reload]);

  const form = useRef<HTMLFormElement>(null);
  const isLoaded = team.value !== null;
  useEffect(() => {
    if (isLoaded) {
      form.current?.querySelector<HTMLElement>('input')?.focus();
    }
  }, [isLoaded]);

  const me = agent.line.agent.value;
  const isFound = ({ name }: { name: string }) => name.toLowerCase().includes(search.trim().toLowerCase());
  const agents = (team.value?.agents ?? []).filter(({ name }) => name !== me);
  const queues = team.value?.queues ?? [];
  const [foundAgents, foundQueues] = [agents.filter(isFound), queues.filter(isFound)];
  const party = partyOf(target, number);
  const isBusy = agent.desk.asked.value?.state === 'pending';

  async function send(action: 'transfer' | 'consult'): Promise<void> {
    if (party === null) {
      return;
    }
    const isDone =
      action === 'transfer'
        ? await agent.desk.control({ action, to: party })
        : !('queue' in party) && (await agent.desk.control({ action, to: party }));
    if (isDone) {
      onClose();
    }
  }

  return (
    <Dialog title={text.title(caller)} onClose={onClose}>
      <form
        ref={form}
        class="transfer"
        onSubmit={(event) => {
          event.preventDefault();
          void send('transfer');
        }}
      >
        {agents.length + queues.length > FEW && (
          <label class="field" for={findId}>
            {text.find}
            <input
              id={findId}
              class="input"
              type="search"
              value={search}
              onInput={({ currentTarget }) => setSearch(currentTarget.value)}
            />
          </label>
        )}
        <div class="transfer__targets">
          {team.value === null && (
            <p class="pane__state">{team.error ? problemWords(words, team.error) : words.loading}</p>
          )}
          {team.value !== null && foundAgents.length + foundQueues.length === 0 && (
            <p class="pane__state">{text.none}</p>
          )}
          {foundAgents.length > 0 && (
            <fieldset class="transfer__group">
              <legend>{text.agents}</legend>
              {foundAgents.map((one) => (
                <Target
                  key={one.name}
                  icon={Headset}
                  value={`agent ${one.name}`}
                  name={one.name}
                  chosen={target}
                  onChoose={setTarget}
                  state={stateWords(text, one)}
                  isReady={isReady(one)}
                />
              ))}
            </fieldset>
          )}
          {foundQueues.length > 0 && (
            <fieldset class="transfer__group">
              <legend>{text.queues}</legend>
              {foundQueues.map(({ name, waiting, isOpen }) => (
                <Target
                  key={name}
                  icon={ListTree}
                  value={`queue ${name}`}
                  name={name}
                  chosen={target}
                  onChoose={setTarget}
                  state={isOpen ? text.waiting(waiting) : text.closed}
                  isReady={isOpen && waiting === 0}
                />
              ))}
            </fieldset>
          )}
        </div>
        {options.value?.mayDial && (
          <label class="field" for={numberId}>
            <span>
              <Icon icon={Phone} /> {text.number}
            </span>
            <input
              id={numberId}
              class="input"
              type="tel"
              autocomplete="off"
              placeholder={text.numberPlaceholder}
              value={number}
              onFocus={() => setTarget('number')}
              onInput={({ currentTarget }) => {
                setNumber(currentTarget.value);
                setTarget('number');
              }}
            />
          </label>
        )}
        <Failure actions={['transfer', 'consult']} />
        <p class="transfer__hint">{text.hint}</p>
        <div class="dialog__actions">
          <button type="button" class="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button
            type="button"
            class="button"
            disabled={party === null || 'queue' in party || isBusy}
            onClick={() => void send('consult')}
          >
            {text.ask}
          </button>
          <button type="submit" class="button button--accent" disabled={party === null || isBusy}>
            {text.now}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface TargetProps {
  icon: typeof Headset;
  value: string;
  name: string;
  chosen: string;
  onChoose: (value: string) => void;
  state: string;
  isReady: boolean;
}

function Target({ icon, value, name, chosen, onChoose, state, isReady }: TargetProps) {
  return (
    <label class="transfer__target">
      <input
        type="radio"
        name="target"
        value={value}
        checked={chosen === value}
        onChange={() => onChoose(value)}
      />
      <Icon icon={icon} />
      <span class="transfer__name">{name}</span>
      <span class={isReady ? 'transfer__state transfer__state--ready' : 'transfer__state'}>{state}</span>
    </label>
  );
}

function partyOf(target: string, number: string): Party | null {
  const [kind, ...rest] = target.split(' ');
  const name = rest.join(' ');
  switch (kind) {
    case 'agent':
      return { agent: name };
    case 'queue':
      return { queue: name };
    case 'number':
      return /\d/.test(number) ? { number: number.trim() } : null;
    default:
      return null;
  }
}

function isReady({ line, load, choice }: AgentView): boolean {
  return line !== 'down' && load === 'free' && choice === 'available';
}

/** The first that applies of line, load and choice. */
function stateWords(
  { states }: WorkspaceStrings['transfer'],
  { line, load, choice }: Pick<AgentView, 'line' | 'load' | 'choice'>,
): string {
  if (choice === 'offline') {
    return states.offline;
  }
  if (line === 'down') {
    return states.down;
  }
  if (load === 'free') {
    return choice === 'away' ? states.away : states.free;
  }
  return load === 'reserved' || load === 'wrap-up' ? states[load] : states.talking;
}
