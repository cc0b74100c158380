import { ExternalLink, Globe, NotebookPen, Pencil, UserRound } from 'lucide';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { CallerCard, Contact, ContactNote } from '../../../domain/api/contacts-api.ts';
import type { WrapUpNote } from '../../../domain/desk/desk.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { visibleMarks } from '../../../ui/visible-marks.ts';
import { currentCall } from '../call-state.ts';
import { HistoryRow } from './history-row.tsx';
import { timesIn, whenWords } from './times.ts';
import { problemWords, useLoaded, useWorkspace } from './use-workspace.ts';

/** Who calls, who is talked to, or who was last; and what the agent notes about it. */
interface Subject {
  number: string;
  /** The desk's name of the call; null where no desk routed it. */
  call: string | null;
  isNow: boolean;
}

export function CallerPane() {
  const { words } = useWorkspace();
  const subject = useSubject();
  if (subject === null) {
    return (
      <div class="pane__state pane__state--large">
        <Icon icon={UserRound} />
        <p>{words.caller.empty}</p>
      </div>
    );
  }
  return <Caller key={subject.number} subject={subject} />;
}

/** The last caller stays until the next one: the note is often written afterwards. */
function useSubject(): Subject | null {
  const { agent } = useWorkspace();
  const { call, offer, wrapUp } = agent.desk.view.value ?? {};
  const phase = agent.calls.phase.value;
  const shown = phase.name === 'ended' ? phase.ended.call : currentCall(phase);
  const last = useRef<Subject | null>(null);
  const desk = call ?? wrapUp ?? null;
  const deskCall = call?.id ?? wrapUp?.call ?? offer?.call ?? null;
  if (shown !== null) {
    last.current = { number: shown.from, call: deskCall, isNow: phase.name !== 'ended' };
  } else if (desk !== null) {
    last.current = { number: desk.from ?? '', call: deskCall, isNow: false };
  } else if (last.current !== null) {
    last.current = { ...last.current, isNow: false };
  }
  return last.current;
}

function Caller({ subject }: { subject: Subject }) {
  const { agent, api, language, panes, words } = useWorkspace();
  const { number, isNow } = subject;
  const isKnown = /^\d{3,15}$/.test(number);
  const key = isKnown ? `${number} ${language.value}` : null;
  const card = useLoaded(key, () => api.caller(number, language.value));
  const contact = card.value?.contact ?? null;
  const { call: own, wrapUp } = agent.desk.view.value ?? {};
  const isMine =
    subject.call !== null &&
    ((own?.id === subject.call && own.role === 'agent') || wrapUp?.call === subject.call);
  useEffect(() => {
    panes.contact.value = isNow ? contact : null;
  }, [isNow, contact]);
  // What the last call left behind is to be seen, too, and in the next call what others did since.
  const isOver = agent.desk.view.value?.wrapUp == null && !isNow;
  const wasOver = useRef(isOver);
  useEffect(() => {
    if (isOver !== wasOver.current) {
      card.reload();
    }
    wasOver.current = isOver;
  }, [isOver]);

  return (
    <article class="caller">
      <p class="caller__kind">{isNow ? words.caller.current : words.caller.last}</p>
      {isKnown ? (
        <Identity number={number} card={card.value} onContact={() => card.reload()} />
      ) : (
        <>
          <h2 class="caller__name">{visibleMarks(number) || words.lists.unknownCaller}</h2>
          <p class="caller__detail">{words.caller.withheld}</p>
        </>
      )}
      {card.error !== null && (
        <div class="pane__state">
          <p>{problemWords(words, card.error)}</p>
          <button type="button" class="button button--small" onClick={card.reload}>
            {words.retry}
          </button>
        </div>
      )}
      <ThisCall key={subject.call ?? ''} call={subject.call} isMine={isMine} />
      {isKnown && (
        <Notes number={number} call={subject.call} last={card.value?.lastNote ?? null} isSecond={isMine} />
      )}
      {card.value && <EarlierCalls card={card.value} />}
    </article>
  );
}

interface IdentityProps {
  number: string;
  card: CallerCard | null;
  onContact: () => void;
}

function Identity({ number, card, onContact }: IdentityProps) {
  const { agent, words } = useWorkspace();
  const [isEditing, setEditing] = useState(false);
  const formatted = card?.formatted ?? agent.nameOf(number);
  const contact = card?.contact ?? null;
  const company = contact?.company && visibleMarks(contact.company);
  const name = contact?.name && visibleMarks(contact.name);
  return (
    <header class="caller__identity">
      <h2 class="caller__name">
        <bdi>{name ?? company ?? formatted}</bdi>
      </h2>
      {name && company && (
        <p class="caller__company">
          <bdi>{company}</bdi>
        </p>
      )}
      <p class="caller__detail">
        {(name ?? company) && <span class="caller__number">{formatted}</span>}
        {card?.countryName && (
          <span class="caller__place">
            <Icon icon={Globe} />
            {card.countryName}
            {card.country && <LocalTime country={card.country} />}
          </span>
        )}
      </p>
      <p class="caller__links">
        {card?.link && (
          <a href={card.link} target="_blank" rel="noreferrer noopener" class="button button--small">
            <Icon icon={ExternalLink} />
            {words.caller.link}
          </a>
        )}
        {card && !isEditing && (
          <button type="button" class="button button--small" onClick={() => setEditing(true)}>
            <Icon icon={Pencil} />
            {contact ? words.caller.edit : words.caller.add}
          </button>
        )}
      </p>
      {isEditing && (
        <ContactForm
          number={number}
          contact={contact}
          onDone={(isChanged) => {
            setEditing(false);
            if (isChanged) {
              onContact();
            }
          }}
        />
      )}
    </header>
  );
}

function LocalTime({ country }: { country: string }) {
  const { locale, words } = useWorkspace();
  const now = useNow(0);
  const times = timesIn(country, now, locale.value);
  if (times === null) {
    return null;
  }
  const { from, to } = times;
  return (
    <span class="caller__time">
      {from === to ? words.caller.localTime(from) : words.caller.localTimes(from, to)}
    </span>
  );
}

interface ContactFormProps {
  number: string;
  contact: Contact | null;
  onDone: (isChanged: boolean) => void;
}

function ContactForm({ number, contact, onDone }: ContactFormProps) {
  const { api, words } = useWorkspace();
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const text = words.caller;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  async function save(form: FormData): Promise<void> {
    const field = (name: string) => String(form.get(name) ?? '').trim() || null;
    const link = field('link');
    if (link !== null && !/^https?:\/\/\S+$/.test(link)) {
      setProblem(text.linkWrong);
      return;
    }
    setSaving(true);
    try {
      await api.saveContact(number, { name: field('name'), company: field('company'), link });
      onDone(true);
    } catch (error) {
      setSaving(false);
      setProblem(problemWords(words, error));
    }
  }

  return (
    <form
      class="contact-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(new FormData(event.currentTarget));
      }}
    >
      <Field name="name" label={text.name} value={contact?.name} inputRef={first} />
      <Field name="company" label={text.company} value={contact?.company} />
      <Field name="link" label={text.address} value={contact?.link} />
      <p aria-live="polite" class="form-problem">
        {problem}
      </p>
      <div class="form-actions">
        <button type="button" class="button button--small" onClick={() => onDone(false)}>
          {words.cancel}
        </button>
        <button type="submit" class="button button--small button--accent" disabled={isSaving}>
          {words.save}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  value: string | null | undefined;
  inputRef?: { current: HTMLInputElement | null };
}

function Field({ name, label, value, inputRef }: FieldProps) {
  const id = useId();
  return (
    <label class="field" for={id}>
      {label}
      <input
        id={id}
        {...(inputRef && { ref: inputRef })}
        class="input"
        name={name}
        maxLength={name === 'link' ? 2_000 : 200}
        autocomplete="off"
        defaultValue={value ?? ''}
      />
    </label>
  );
}

/** How long nothing must be typed until a note is kept (milliseconds). */
const PAUSE_MS = 700;

/** Outcome and note of a call of the desk, kept while they are written; during the talk and in the wrap-up. */
function ThisCall({ call, isMine }: { call: string | null; isMine: boolean }) {
  const { agent, api, words } = useWorkspace();
  const view = agent.desk.view.value;
  const options = useLoaded(agent.desk.isOn.value ? 'options' : null, api.options);
  const known = view?.wrapUp?.call === call ? (view?.wrapUp?.note ?? null) : null;
  const [note, setNote] = useState<WrapUpNote>(known ?? { outcome: null, note: null });
  const [state, setState] = useState<'' | 'saving' | 'saved' | 'failed'>('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pending = useRef<WrapUpNote | null>(null);
  const noteId = useId();
  const outcomeId = useId();

  async function keep(): Promise<void> {
    clearTimeout(timer.current);
    const wanted = pending.current;
    if (wanted === null) {
      return;
    }
    pending.current = null;
    setState('saving');
    setState((await agent.desk.wrapUp({ does: 'note', ...wanted })) ? 'saved' : 'failed');
  }
  function change(next: Partial<WrapUpNote>): void {
    const changed = { ...note, ...next };
    setNote(changed);
    pending.current = changed;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void keep(), PAUSE_MS);
  }
  useEffect(() => () => void keep(), []);

  if (!isMine) {
    return null;
  }
  const text = words.caller;
  const outcomes = options.value?.outcomes ?? [];
  const label = { '': '', saving: text.saving, saved: text.saved, failed: text.notSaved }[state];
  return (
    <section class="caller__section">
      <h3 class="section-title">
        {text.thisCall}
        <span class={`save-state save-state--${state}`} aria-live="polite">
          {label}
        </span>
      </h3>
      <label class="field" for={outcomeId}>
        {text.outcome}
        {outcomes.length > 0 ? (
          <select
            id={outcomeId}
            class="input"
            value={note.outcome ?? ''}
            onChange={({ currentTarget }) => change({ outcome: currentTarget.value || null })}
          >
            <option value="">{text.noOutcome}</option>
            {outcomes.map((outcome) => (
              <option key={outcome} value={outcome}>
                {outcome}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={outcomeId}
            class="input"
            maxLength={100}
            value={note.outcome ?? ''}
            onInput={({ currentTarget }) => change({ outcome: currentTarget.value || null })}
            onBlur={() => void keep()}
          />
        )}
      </label>
      <label class="field" for={noteId}>
        {text.callNote}
        <textarea
          id={noteId}
          class="input input--text"
          data-note
          rows={3}
          maxLength={2_000}
          value={note.note ?? ''}
          onInput={({ currentTarget }) => change({ note: currentTarget.value || null })}
          onBlur={() => void keep()}
        />
      </label>
    </section>
  );
}

interface NotesProps {
  number: string;
  call: string | null;
  last: ContactNote | null;
  /** Whether the call has a field for a note: then there is only one of them, until the agent asks for the other. */
  isSecond: boolean;
}

/** What is known about the caller for good. */
function Notes({ number, call, last, isSecond }: NotesProps) {
  const { api, words } = useWorkspace();
  const [added, setAdded] = useState<readonly ContactNote[]>([]);
  const [all, setAll] = useState<readonly ContactNote[] | null>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const fieldId = useId();
  const isOpen = isAsked || !isSecond || text !== '';
  const known = all ?? (last === null ? [] : [last]);
  const notes = [...added.filter(({ id }) => known.every((note) => note.id !== id)), ...known];

  async function attempt(what: () => Promise<void>): Promise<void> {
    setProblem(null);
    setSaving(true);
    try {
      await what();
    } catch (error) {
      setProblem(problemWords(words, error));
    }
    setSaving(false);
  }

  return (
    <section class="caller__section">
      <h3 class="section-title">{words.caller.notes}</h3>
      {notes.length === 0 && <p class="caller__none">{words.caller.noNotes}</p>}
      <ul class="notes">
        {notes.map((note) => (
          <Note key={note.id} note={note} />
        ))}
      </ul>
      {last !== null && all === null && (
        <button
          type="button"
          class="button button--text"
          onClick={() => void attempt(async () => setAll(await api.notes(number)))}
        >
          {words.caller.allNotes}
        </button>
      )}
      {isOpen ? (
        <form
          class="note-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '' && !isSaving) {
              void attempt(async () => {
                const note = await api.addNote(number, text.trim(), call);
                setAdded([note, ...added]);
                setText('');
                setAsked(false);
                requestAnimationFrame(() => opener.current?.focus());
              });
            }
          }}
        >
          <label class="visually-hidden" for={fieldId}>
            {words.caller.newNote}
          </label>
          <textarea
            id={fieldId}
            class="input input--text"
            data-note={isSecond ? undefined : ''}
            ref={field}
            rows={2}
            maxLength={10_000}
            placeholder={words.caller.newNote}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          {isSecond && (
            <button
              type="button"
              class="button button--small"
              disabled={isSaving}
              onClick={() => {
                setText('');
                setProblem(null);
                setAsked(false);
                requestAnimationFrame(() => opener.current?.focus());
              }}
            >
              {words.cancel}
            </button>
          )}
          <button type="submit" class="button button--small" disabled={text.trim() === '' || isSaving}>
            <Icon icon={NotebookPen} />
            {words.caller.addNote}
          </button>
        </form>
      ) : (
        <button
          type="button"
          class="button button--small note-opener"
          ref={opener}
          onClick={() => {
            setAsked(true);
            requestAnimationFrame(() => field.current?.focus());
          }}
        >
          <Icon icon={NotebookPen} />
          {words.caller.addNote}
        </button>
      )}
      <p aria-live="polite" class="form-problem">
        {problem}
      </p>
    </section>
  );
}

function Note({ note: { text, by, at } }: { note: ContactNote }) {
  const { locale, words } = useWorkspace();
  const when = whenWords(at, Date.now(), locale.value, words.lists);
  return (
    <li class="notes__note">
      <p class="notes__text">{visibleMarks(text)}</p>
      <p class="notes__by">{words.caller.by(by ?? words.caller.lookUp, when)}</p>
    </li>
  );
}

function EarlierCalls({ card }: { card: CallerCard }) {
  const { words } = useWorkspace();
  return (
    <section class="caller__section">
      <h3 class="section-title">{words.caller.calls}</h3>
      {card.lastCalls.length === 0 ? (
        <p class="caller__none">{words.caller.noCalls}</p>
      ) : (
        <ol class="history">
          {card.lastCalls.map((item) => (
            <HistoryRow key={`${item.call} ${item.agent}`} item={item} isOfCaller={true} />
          ))}
        </ol>
      )}
    </section>
  );
}
