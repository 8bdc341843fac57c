/** Reads the lines that another process appends to a file, as they come. */

import { closeSync, openSync, readSync } from 'node:fs';

/** Fast enough for a progress line, and next to nothing for the machine. */
const PACE_MS = 100;
const CHUNK_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * Calls `onLine` with each whole line, without its line end; a line not ended yet waits for its end.
 *
 * @param file must exist.
 * @returns stops following, after reading what is there.
 */
export function followLines(file: string, onLine: (line: string) => void): () => void {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let unfinished = Buffer.alloc(0);

  const readOn = (): void => {
    for (;;) {
      const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) return;
      unfinished = Buffer.concat([unfinished, chunk.subarray(0, count)]);
      for (
        let end = unfinished.indexOf(LINE_FEED);
        end !== -1;
        end = unfinished.indexOf(LINE_FEED)
      ) {
        onLine(unfinished.toString('utf8', 0, end));
        unfinished = unfinished.subarray(end + 1);
      }
    }
  };

  const timer = setInterval(readOn, PACE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    readOn();
    closeSync(descriptor);
  };
}
