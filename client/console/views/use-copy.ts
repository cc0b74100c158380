import { useEffect, useState } from 'preact/hooks';
import { usePage } from './context.ts';

const SAID_FOR_MS = 6_000;

/** Copies, and says for a while how that went. */
export function useCopy(): { copy: (text: string, words: string) => void; said: string } {
  const page = usePage();
  const [said, setSaid] = useState('');

  useEffect(() => {
    const timer = said === '' ? undefined : setTimeout(() => setSaid(''), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);

  return {
    said,
    copy(text, words) {
      page.copy(text).then(
        () => setSaid(words),
        () => setSaid(page.strings.peek().step.copyFailed),
      );
    },
  };
}
