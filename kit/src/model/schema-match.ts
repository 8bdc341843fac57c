/**
 * Lets the compiler hold an interface against the schema that checks it: types only.
 *
 * An interface beside its schema, and not `z.infer`: what developers see in their editor, and in the report of the public API, has
 * comments and no types of zod's.
 */
import type { z } from 'zod';

/** The fields that an interface and a schema declare differently: names, types, optional or not, in both directions. */
export type Mismatched<Interface, Schema extends z.ZodType> = Differing<
  ReadOnly<Interface>,
  ReadOnly<z.infer<Schema>>
>;

/** Refuses to compile where there is anything; the error names it. */
export type None<Fields extends never> = Fields;

type Differing<A, B> =
  | Exclude<keyof A, keyof B>
  | Exclude<keyof B, keyof A>
  | {
      // Picked, so that a field that may be absent differs from one that may be undefined.
      readonly [Field in keyof A & keyof B]-?: IsSame<Pick<A, Field>, Pick<B, Field>> extends true
        ? never
        : Field;
    }[keyof A & keyof B];

/** Read-only all the way down, as interfaces are written and schemas are not. */
type ReadOnly<T> = unknown extends T
  ? T
  : T extends readonly (infer Member)[]
    ? readonly ReadOnly<Member>[]
    : T extends object
      ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T;

type IsSame<A, B> = Assignable<A, B> extends true ? Assignable<B, A> : false;

type Assignable<From, To> = [From] extends [To] ? true : false;
