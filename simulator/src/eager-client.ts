/** Tells a client that opens streams before it can know a limit from one that waits for SETTINGS. */
import type { Duplex } from 'node:stream';

/** RFC 9113, section 3.4. */
const PREFACE_BYTES = 24;
const FRAME_HEAD_BYTES = 9;
const HEADERS = 1;
/** A client that does not wait sends its first requests with the preface, or right after it. */
const PATIENCE_MS = 20;

/** Whether bytes from a client, from the first on, hold the beginning of a request. */
export function holdsRequest(bytes: Buffer): boolean {
  let at = PREFACE_BYTES;
  while (at + FRAME_HEAD_BYTES <= bytes.length) {
    if (bytes[at + 3] === HEADERS) return true;
    at += FRAME_HEAD_BYTES + bytes.readUIntBE(at, 3);
  }
  return false;
}

/** Reads what a client sends of itself, puts it back, and says whether there was a request among it. */
export function whenKnownEager(connection: Duplex, done: (isEager: boolean) => void): void {
  let bytes = Buffer.alloc(0);
  const decide = () => {
    clearTimeout(timer);
    connection.off('readable', onReadable);
    connection.off('close', decide);
    if (bytes.length > 0) connection.unshift(bytes);
    done(holdsRequest(bytes));
  };
  const onReadable = () => {
    const more = connection.read() as Buffer | null;
    if (more === null) return;
    bytes = Buffer.concat([bytes, more]);
    if (holdsRequest(bytes)) decide();
  };
  const timer = setTimeout(decide, PATIENCE_MS);
  connection.once('close', decide);
  connection.on('readable', onReadable);
  onReadable();
}
