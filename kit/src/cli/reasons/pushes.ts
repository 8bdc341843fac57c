/**
 * How far a push document of the outbox has come. The compiler demands a line for each state.
 */
import type { PushState } from '../../outbox/push-document';
import type { Reason } from './entry';

export const PUSH_REASONS: Readonly<Record<PushState, Reason>> = {
  pending: {
    sentence: 'The server has not looked at it yet, which takes seconds.',
    remedy:
      'If it stays so for a minute, sendPush is not deployed or fails: npx @firestore-push/push doctor.',
    severity: 'note',
  },
  scheduled: {
    sentence: 'It waits for its time, sendAt.',
    remedy:
      'If that is over by more than 7 minutes, look at the queue: npx @firestore-push/push doctor.',
    severity: 'note',
  },
  sending: {
    sentence: 'It is being sent, or waits for a retry: its entry in the ledger says which.',
    severity: 'note',
  },
  sent: { sentence: 'Every address that there was accepted it.', severity: 'good' },
  partial: {
    sentence: 'Some addresses accepted it, others did not: "counts" and "reasons" say which.',
    remedy: 'Once the cause is gone, send to the others once more: npx @firestore-push/push retry.',
    severity: 'problem',
  },
  failed: {
    sentence:
      'No address accepted it, or a field is wrong: "error", "errors" and "reasons" say why.',
    remedy:
      'Wrong fields may be fixed in the document, else write a new one with another id: docs/outbox.md.',
    severity: 'problem',
  },
  cancelled: { sentence: 'It was cancelled before it was sent.', severity: 'note' },
};
