/**
 * Why a delivery as a whole failed: the codes that the ledger and the log have. What each means stands in `cli/reasons`.
 */
export const ERROR_CODES = [
  /** `compose` threw until its time was over. */
  'COMPOSE_FAILED',
  /** The document, another that `compose` needs, or the notification is not as it has to be. */
  'INVALID_INPUT',
  /** Work on it was begun again and again without getting on. */
  'ATTEMPTS_USED_UP',
  /** A shard whose delivery is gone, and with it what to send. */
  'PARENT_GONE',
  /** The push document that lists the addresses is gone. */
  'ADDRESSES_GONE',
  /** Topics and conditions need FCM. */
  'NO_TOPIC_PROVIDER',
  /** The entry does not say whom it covers. */
  'NO_COVERAGE',
  /** Too large for everybody. */
  'PAYLOAD_TOO_LARGE',
  /** Firestore refuses, for good, what the delivery needs to read or write. */
  'FIRESTORE_REFUSED',
  /** Stopped by `npx @firestore-push/push cancel`. */
  'CANCELLED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
