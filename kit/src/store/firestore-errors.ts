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

/** Statuses of writes to documents that are not as the write wants them. */
export const STATUS = { NOT_FOUND: 5, ALREADY_EXISTS: 6, FAILED_PRECONDITION: 9 } as const;

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return statuses.includes((error as { readonly code?: unknown }).code as number);
}
