/** A change to the kit's sources for a bundle: a size made small, or a fault made on purpose; pure. */

/** One text in the place of another. */
export interface Replacement {
  /** Below kit/src. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly from: string;
  readonly to: string;
}

/** The source with these replacements, one after the other. @throws where one does not apply exactly once. */
export function replaced(source: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, { file, from, to }) => {
    const parts = text.split(from);
    if (parts.length !== 2) {
      throw new Error(`${file}: expected exactly once, found ${parts.length - 1} times:\n${from}`);
    }
    return parts.join(to);
  }, source);
}
