/** Questions at the terminal. Each throws Cancelled if the person aborts. */
export interface Questions {
  /** @param check returns what is wrong with an answer, or undefined */
  text(question: { message: string; example?: string; initial?: string; check: Check }): Promise<string>;
  /** Hides the answer. */
  secret(question: { message: string; check: Check }): Promise<string>;
  choose<T extends string>(question: { message: string; options: Option<T>[] }): Promise<T>;
  confirm(question: { message: string; initial: boolean }): Promise<boolean>;
}

export type Check = (answer: string) => string | undefined;

interface Option<T extends string> {
  value: T;
  label: string;
}

/** Setup's output and questions. */
export interface Talk {
  begin(title: string): void;
  /** Shows a fact, with more lines below it. */
  note(text: string, lines?: readonly string[]): void;
  /** Shows that a task is running. Call the returned function when it ends. */
  working(text: string): (ended: 'done' | 'failed') => void;
  warn(text: string, lines?: readonly string[]): void;
  fail(text: string, lines?: readonly string[]): void;
  /** Shows the result, with the next steps as lines. */
  end(text: string, lines?: readonly string[]): void;
  /** Undefined if nobody can answer. */
  ask: Questions | undefined;
}

/** For scripts and logs: plain lines, no questions. */
export function plainTalk(write: (text: string) => void): Talk {
  const say = (text: string, lines: readonly string[] = []) => {
    write(`${[text, ...lines.map((line) => `  ${line}`)].join('\n')}\n`);
  };
  return {
    begin: say,
    note: say,
    working: (text) => (ended) => say(ended === 'done' ? `${text}: done` : `${text}: failed`),
    warn: (text, lines) => say(`Warning: ${text}`, lines),
    fail: say,
    end: say,
    ask: undefined,
  };
}
