import type { z } from 'zod';

/** Stands for a field that may be absent, so that two types that differ only in this differ. */
declare const absent: unique symbol;

/** A type whose arrays are read-only and whose optional fields are marked, all the way down. */
type Compared<T> = T extends readonly (infer Item)[]
  ? readonly Compared<Item>[]
  : T extends object
    ? {
        readonly [Key in keyof T]-?: Compared<T[Key]> | (object extends Pick<T, Key> ? typeof absent : never);
      }
    : T;

type Same<A, B> = [Compared<A>] extends [Compared<B>]
  ? [Compared<B>] extends [Compared<A>]
    ? unknown
    : { 'the schema allows less than': A }
  : { 'the schema allows more than, or lacks fields of': A };

/** Ties a schema to a type of the API: it does not compile if either has what the other lacks. */
export function exactly<T>(): <S extends z.ZodType>(schema: S & Same<T, z.output<S>>) => S {
  return (schema) => schema;
}
