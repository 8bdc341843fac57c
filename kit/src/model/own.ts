/**
 * Looks a name that somebody else chose up in a plain object, whose prototype has names too.
 *
 * `settings[type]` finds a function for the type `constructor`. What is keyed by ids that people choose is a `Map` from the
 * beginning; this is for objects that come from JSON or from Firestore. A lint rule sends everybody here.
 */

/** The value that an object itself has under a name; undefined if it has none, or is no object. */
export function own<Value>(
  dictionary: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined;
export function own(dictionary: unknown, name: string): unknown;
export function own(dictionary: unknown, name: string): unknown {
  if (typeof dictionary !== 'object' || dictionary === null) return undefined;
  if (!Object.hasOwn(dictionary, name)) return undefined;
  // eslint-disable-next-line local/no-dictionary-lookup -- just asked whether it is the object's own
  return (dictionary as Record<string, unknown>)[name];
}
