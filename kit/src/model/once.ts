/**
 * Makes something the first time it is asked for, so that an instance that never needs it starts without it.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => (made ??= { it: make() }).it;
}
