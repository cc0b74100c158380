import { expect, test } from 'vitest';
import { othersAreAnswered, othersAreRead } from './together.ts';

test('what comes in one turn is read before anything is answered, and answered before anything else is done', async () => {
  const done: string[] = [];
  async function take(name: string): Promise<void> {
    done.push(`read ${name}`);
    await othersAreRead();
    done.push(`answered ${name}`);
    await othersAreAnswered();
    done.push(`kept ${name}`);
  }
  const both = Promise.all([take('one'), take('other')]);
  const third = new Promise((resolve) => setImmediate(resolve)).then(() => take('later'));
  await Promise.all([both, third]);
  expect(done).toEqual([
    'read one',
    'read other',
    'answered one',
    'answered other',
    'kept one',
    'kept other',
    'read later',
    'answered later',
    'kept later',
  ]);
});
