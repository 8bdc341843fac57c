/**
 * Drops keys whose value is undefined: JSON would, Firestore refuses them, and exact optional types tell the two apart.
 */

export type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** A shallow copy without the keys whose value is undefined. */
export function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as WithoutUndefined<T>;
}
