/** What went wrong between the console and Firestore, in plain words; pure. */
import { messageOf } from '../../model/redact';
import { printable } from '../printable';

/** gRPC statuses of what passes; what somebody has to put right is said by `explained`. */
const WORDS: ReadonlyMap<unknown, string> = new Map([
  [4, 'Firestore did not answer in time.'],
  [8, 'Firestore refuses for now: a quota is used up.'],
  [14, 'Firestore cannot be reached.'],
]);

/** A sentence or two. It holds no address. */
export function plainly(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown };
  return WORDS.get(code) ?? printable(messageOf(error));
}
