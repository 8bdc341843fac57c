/** Finds the oldest key of a Map or Set in constant time, however many were deleted before it. */

/**
 * A queue over keys whose front is always taken by deleting it.
 *
 * `keys().next()` on a fresh iterator walks over the holes that earlier deletions left, which is
 * slow in a collection that is always full; one iterator that is kept never walks them twice.
 */
export class OldestFirst<Key> {
  readonly #keys: () => Iterator<Key>;
  #iterator: Iterator<Key>;

  constructor(collection: { keys(): Iterator<Key> }) {
    this.#keys = () => collection.keys();
    this.#iterator = this.#keys();
  }

  /** The oldest key, which the caller must now delete; undefined if there is none. */
  take(): Key | undefined {
    let next = this.#iterator.next();
    if (next.done === true) {
      this.#iterator = this.#keys();
      next = this.#iterator.next();
    }
    return next.done === true ? undefined : next.value;
  }
}
