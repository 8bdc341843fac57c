/**
 * Time limits that are fair to answers which have come but were not read yet.
 *
 * A process that was frozen, or busy for long, runs its timers before it reads its sockets: without this it would give up requests whose
 * answers wait in the socket, and send them again.
 */

/**
 * Calls `then` when everything that had arrived on the sockets is read and told.
 *
 * Two turns of the event loop: sockets are read in the first, and Node tells the end of a stream in the second.
 */
export function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then));
}
