/** Firestore's refusals, as its client throws them: a gRPC status in `code`. */

export const CODE = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export type CodeName = keyof typeof CODE;

export class FirestoreError extends Error {
  readonly code: number;

  constructor(name: CodeName, message: string) {
    super(`${CODE[name]} ${name}: ${message}`);
    this.name = 'FirestoreError';
    this.code = CODE[name];
  }
}
