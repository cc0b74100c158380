import { useRef, useState } from 'preact/hooks';
import type { InvitationAccepted, Role } from '../../domain/api/page-api.ts';
import { ApiCallError, failureOf, isRecord, type Request } from '../session/request.ts';
import type { InvitationStrings } from '../strings/invitation-en.ts';

interface InvitationCardProps {
  words: InvitationStrings;
  /** What the link has after `#`. */
  token: string;
  request: Request;
  copy: (text: string) => Promise<void>;
}

type Stage =
  | { name: 'invited'; problem: keyof InvitationStrings['problems'] | null }
  | { name: 'accepting' }
  | { name: 'accepted'; answer: InvitationAccepted };

const PAGES: Readonly<Record<Role, string>> = {
  agent: './',
  supervisor: './wall.html',
  developer: './console.html',
};

/** Accepts an invitation when its reader says so: programs that only open links must not use it up. */
export function InvitationCard({ words, token, request, copy }: InvitationCardProps) {
  const [stage, setStage] = useState<Stage>({ name: 'invited', problem: null });
  const isSending = useRef(false);

  async function accept(): Promise<void> {
    if (isSending.current) return;
    isSending.current = true;
    setStage({ name: 'accepting' });
    try {
      const answer = await request('api/invitation', { method: 'POST', body: { token } });
      if (!isAccepted(answer)) throw new ApiCallError('unreachable', 'The server sent no session.');
      setStage({ name: 'accepted', answer });
    } catch (error) {
      setStage({ name: 'invited', problem: problemOf(error) });
    } finally {
      isSending.current = false;
    }
  }

  return (
    <main class="card invitation">
      <p class="invitation__product">{words.product}</p>
      {stage.name === 'accepted' ? (
        <Accepted words={words} answer={stage.answer} copy={copy} />
      ) : (
        <>
          <h1 class="invitation__title">{words.title}</h1>
          <p>{words.advice}</p>
          <div role="alert" class="invitation__problem">
            {stage.name === 'invited' && stage.problem !== null && words.problems[stage.problem]}
          </div>
          <button
            type="button"
            class="button button--large button--accent"
            aria-disabled={stage.name === 'accepting'}
            onClick={() => void accept()}
          >
            {stage.name === 'accepting' ? words.accepting : words.accept}
          </button>
        </>
      )}
    </main>
  );
}

function Accepted({
  words,
  answer: { session, code },
  copy,
}: Pick<InvitationCardProps, 'words' | 'copy'> & { answer: InvitationAccepted }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <>
      <h1 class="invitation__title" tabIndex={-1} ref={(heading) => heading?.focus()}>
        {words.welcome(session.agent ?? '')}
      </h1>
      <h2>{words.code}</h2>
      <p class="invitation__code">{code}</p>
      <p>{words.codeAdvice}</p>
      <button
        type="button"
        class="button"
        onClick={() => {
          copy(code).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        {isCopied ? words.copied : words.copy}
      </button>
      <nav class="invitation__links" aria-label={words.product}>
        {session.roles.map((role) => (
          <a key={role} class="button" href={PAGES[role]}>
            {words.open[role]}
          </a>
        ))}
      </nav>
    </>
  );
}

function problemOf(error: unknown): keyof InvitationStrings['problems'] {
  const failure = failureOf(error);
  if (failure === 'bad-request') return 'not-needed';
  return failure === 'wrong-code' || failure === 'too-many-tries' ? failure : 'unreachable';
}

function isAccepted(value: unknown): value is InvitationAccepted {
  return (
    isRecord(value) &&
    typeof value.code === 'string' &&
    isRecord(value.session) &&
    Array.isArray(value.session.roles)
  );
}
