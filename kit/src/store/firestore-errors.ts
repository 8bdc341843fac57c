/**
 * Which of Firestore's refusals a retry cannot change; by gRPC status, which the client puts into `code`.
 */

/** What was asked for cannot be: a document beyond 1 MiB, a name or value that Firestore does not take. */
const INVALID_ARGUMENT = 3;

/** Whether Firestore refused a request for what it says, so that the same request is refused again. */
export function isInvalidArgument(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { code?: unknown }).code === INVALID_ARGUMENT
  );
}
