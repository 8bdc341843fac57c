/**
 * Why a delivery as a whole failed. The compiler demands a line for each of `delivery/error-code.ts`.
 */
import type { ErrorCode } from '../../delivery/error-code';
import { REPORT, type Reason } from './entry';

export const DELIVERY_REASONS: Readonly<Record<ErrorCode, Reason>> = {
  COMPOSE_FAILED: {
    sentence:
      'Your compose threw an error at every try, until COMPOSE_RETRY_MINUTES were over. Nothing was sent.',
    remedy:
      'Look for "compose failed" in the functions’ log: it has the stack. Fix it, deploy again, then npx @firestore-push/push retry.',
    severity: 'problem',
  },
  INVALID_INPUT: {
    sentence:
      'The document, another that compose reads, or the notification is not as it has to be. Nothing was sent.',
    remedy:
      'The entry’s error names the field and what was expected. Fix what writes it, then npx @firestore-push/push retry; fields: docs/outbox.md.',
    severity: 'problem',
  },
  ATTEMPTS_USED_UP: {
    sentence: 'Work on it was begun again and again without getting on, so it was given up.',
    remedy:
      'Look in the functions’ log for what ended the instances (memory, time-outs); then npx @firestore-push/push retry.',
    severity: 'problem',
  },
  PARENT_GONE: {
    sentence:
      'The entry of the delivery that this is a part of is gone, and with it what was to be sent.',
    remedy: 'Delete nothing from the ledger by hand; LEDGER_DAYS in .env says how long it is kept.',
    severity: 'problem',
  },
  ADDRESSES_GONE: {
    sentence:
      'The push document that listed the addresses was deleted or changed before they were sent to.',
    remedy:
      'Keep push documents until they are final, and write it once more with another id: docs/outbox.md.',
    severity: 'problem',
  },
  NO_TOPIC_PROVIDER: {
    sentence: 'It is for a topic or condition, and there is no FCM that could send to one.',
    remedy: REPORT,
    severity: 'problem',
  },
  NO_COVERAGE: {
    sentence: 'Its entry does not say who is to be notified.',
    remedy:
      'If nobody changed the entry by hand, report it with the line of the log that names it.',
    severity: 'problem',
  },
  PAYLOAD_TOO_LARGE: {
    sentence:
      'The push is too large for everybody, also with shortened texts and without its optional parts.',
    remedy:
      'Make the required data of the notification smaller: the entry’s error has the bytes and the keys.',
    severity: 'problem',
  },
  FIRESTORE_REFUSED: {
    sentence: 'Firestore refused, for good, what the delivery had to read or write.',
    remedy:
      'The entry’s error has Firestore’s words. If an index is missing: npx @firestore-push/push indexes.',
    severity: 'problem',
  },
  CANCELLED: {
    sentence:
      'It was stopped by npx @firestore-push/push cancel. Whoever was sent to before that has it.',
    severity: 'note',
  },
};
