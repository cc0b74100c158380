import {
  type CANCEL_SYMBOL,
  confirm,
  intro,
  isCancel,
  log,
  note,
  outro,
  password,
  select,
  spinner,
  text,
} from '@clack/prompts';
import type { Questions, Talk } from './talk.ts';
import { Cancelled } from './trouble.ts';

/** For a person at a terminal. */
export function clackTalk(): Talk {
  const say = (print: (text: string) => void, text: string, lines: readonly string[] = []) => {
    print([text, ...lines].join('\n'));
  };
  return {
    begin: (title) => intro(title),
    note: (text, lines) => say(log.info, text, lines),
    working(text) {
      const wheel = spinner();
      wheel.start(text);
      return (ended) => (ended === 'done' ? wheel.stop(text) : wheel.error(text));
    },
    warn: (text, lines) => say(log.warn, text, lines),
    fail: (text, lines) => say(log.error, text, lines),
    end(text, lines = []) {
      if (lines.length > 0) note(lines.join('\n'), 'Next');
      outro(text);
    },
    ask: questions,
  };
}

const questions: Questions = {
  text: async ({ message, example, initial, check }) =>
    answered(
      await text({
        message,
        ...(example !== undefined && { placeholder: example }),
        ...(initial !== undefined && { initialValue: initial }),
        validate: (answer) => check((answer ?? '').trim()),
      }),
    ).trim(),
  secret: async ({ message, check }) =>
    // Undefined if nothing was typed.
    (answered(await password({ message, validate: (answer) => check((answer ?? '').trim()) })) ?? '').trim(),
  choose: async ({ message, options }) => {
    const chosen = answered(
      await select<string>({ message, options: options.map((one) => ({ ...one })), maxItems: 10 }),
    );
    const option = options.find((one) => one.value === chosen);
    if (option === undefined) throw new Cancelled();
    return option.value;
  },
  confirm: async ({ message, initial }) => answered(await confirm({ message, initialValue: initial })),
};

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) throw new Cancelled();
  return answer;
}
