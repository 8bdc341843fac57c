/**
 * Which of some names was meant by one that is none of them; pure.
 */

/** Slips that still leave a name recognisable. */
const MOST_SLIPS = 2;

/** The nearest of `names`; undefined if none is near. Short names must be nearer: `TZ` is no slip of anything. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const allowed = Math.min(MOST_SLIPS, Math.floor(name.length / 4));
  const ranked = names
    .filter((each) => each !== name && Math.abs(each.length - name.length) <= allowed)
    .map((each) => ({ each, slips: slipsBetween(name.toUpperCase(), each) }))
    .filter(({ slips }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips);
  return ranked[0]?.each;
}

/** Letters to add, drop or change to make one of the other: Levenshtein's distance. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
