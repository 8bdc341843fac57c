/** What a history is made of; plain data, so that both Firestores can be given the same. */

/** A value, or what a write says instead of one. */
export type Value =
  | null
  | boolean
  | number
  | string
  | { readonly is: 'undefined' | 'delete' | 'now' }
  | { readonly is: 'time'; readonly seconds: number; readonly nanoseconds: number }
  | { readonly is: 'bytes'; readonly bytes: readonly number[] }
  | { readonly is: 'point'; readonly latitude: number; readonly longitude: number }
  | { readonly is: 'name'; readonly doc: string }
  | { readonly is: 'list' | 'union' | 'remove'; readonly elements: readonly Value[] }
  | { readonly is: 'map'; readonly fields: Data }
  | { readonly is: 'increment'; readonly by: number }
  /** A text of so many bytes. */
  | { readonly is: 'filler'; readonly bytes: number };

/** Pairs, because an object cannot have every name. */
export type Data = readonly (readonly [name: string, value: Value])[];

/** The time of a document's last change as it was seen last, or first; or another time; or nothing but whether there is one. */
export type Condition = 'none' | 'empty' | 'exists' | 'missing' | 'last' | 'first' | 'other';

export type Write =
  | { readonly does: 'create'; readonly doc: string; readonly data: Data }
  | { readonly does: 'set'; readonly doc: string; readonly data: Data; readonly merge: boolean }
  | {
      readonly does: 'update';
      readonly doc: string;
      readonly data: Data;
      readonly condition: Condition;
    }
  | { readonly does: 'delete'; readonly doc: string; readonly condition: Condition };

/** A field's name with dots, or the names that lead to it. */
export type Field = string | readonly string[];

export interface Query {
  /** A collection's path, or the id of a group. */
  readonly collection: string;
  readonly isGroup: boolean;
  readonly where: readonly (readonly [field: Field, op: string, value: Value])[];
  readonly orders: readonly (readonly [field: Field, direction: 'asc' | 'desc'])[];
  readonly cursors: readonly (readonly [
    kind: 'startAt' | 'startAfter' | 'endAt' | 'endBefore',
    values: readonly Value[],
  ])[];
  readonly limit?: number;
  readonly select?: readonly Field[];
}

export type Read =
  | { readonly does: 'get'; readonly doc: string }
  | { readonly does: 'getAll'; readonly docs: readonly string[]; readonly mask?: readonly Field[] }
  | { readonly does: 'query' | 'count'; readonly query: Query }
  | { readonly does: 'sum'; readonly query: Query; readonly field: Field };

export type Operation = Read | Write;

/** What one client does: one operation, or a transaction. */
export type Program =
  | { readonly kind: 'single'; readonly operation: Operation }
  | {
      readonly kind: 'transaction';
      readonly operations: readonly Operation[];
      readonly end: 'commit' | 'throw';
      readonly isReadOnly: boolean;
    };

export interface History {
  readonly seed: number;
  readonly programs: readonly Program[];
  /** Whose turn it is, program by program; whoever is not done at its end goes on then. */
  readonly schedule: readonly number[];
  /** All that are written; without the prefix that keeps histories apart. */
  readonly docs: readonly string[];
}

/** The field that is a document's name. */
export const NAME: Field = ['__name__'];
