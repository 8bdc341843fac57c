/** Keeps what was read for as long as it was dear to read; pure but for its clock. */

/**
 * Reads when it is called, unless what was read last is still good.
 *
 * @param restMs for how long a value is good. A read that failed is made anew with the next call.
 * @param now ms since 1970.
 */
export function paced<Value>(
  read: () => Promise<Value>,
  restMs: (value: Value) => number,
  now: () => number,
): () => Promise<Value> {
  let last: { readonly value: Value; readonly until: number } | undefined;
  return async () => {
    if (last !== undefined && now() < last.until) return last.value;
    const value = await read();
    last = { value, until: now() + restMs(value) };
    return value;
  };
}
