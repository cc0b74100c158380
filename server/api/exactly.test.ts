import { expect, it } from 'vitest';
import { z } from 'zod';
import { exactly } from './exactly.ts';

interface Person {
  name: string;
  tags: readonly ('new' | 'old')[];
  age?: number;
}

const name = z.string();
const tags = z.array(z.enum(['new', 'old']));
const age = z.number().exactOptional();

it('compiles only for a schema that allows what the type allows, no more and no less', () => {
  const person = exactly<Person>()(z.object({ name, tags, age }));
  // @ts-expect-error: a field is missing
  exactly<Person>()(z.object({ name, tags }));
  // @ts-expect-error: a field is too many
  exactly<Person>()(z.object({ name, tags, age, size: z.number() }));
  // @ts-expect-error: an optional field is required
  exactly<Person>()(z.object({ name, tags, age: z.number() }));
  // @ts-expect-error: a required field is optional
  exactly<Person>()(z.object({ name: name.exactOptional(), tags, age }));
  // @ts-expect-error: a value is missing, deep inside
  exactly<Person>()(z.object({ name, tags: z.array(z.literal('new')), age }));
  // @ts-expect-error: a value is too many
  exactly<Person>()(z.object({ name: name.nullable(), tags, age }));
  expect(person.parse({ name: 'Ada', tags: ['new'] })).toEqual({ name: 'Ada', tags: ['new'] });
});
