/** What is logged and traced of a world, in words; pure. */

/** A time of Firestore's, ms since 1970; undefined for anything else. */
export function millisOf(time: unknown): number | undefined {
  return typeof time === 'object' && time !== null && 'toMillis' in time
    ? (time as { toMillis(): number }).toMillis()
    : undefined;
}

export function inWords(word: unknown): string {
  if (typeof word === 'string') return word;
  if (word instanceof Error) return word.message;
  return (
    JSON.stringify(word, (_key, value: unknown) => {
      const ms = millisOf(value);
      return ms === undefined ? value : new Date(ms).toISOString();
    }) ?? 'undefined'
  );
}
