/**
 * How a delivery's end reads in the push document that asked for it; pure but for the values that Firestore deletes fields by.
 */
import { FieldValue, type Timestamp } from '@google-cloud/firestore';
import { bytesOf, MAX_DOCUMENT_BYTES } from '../store/document-size';
import type { Ending } from '../delivery/ledger-entry';
import type { Counts } from '../model/counts';
import type { PushState } from './push-document';

/** Recipients whose reasons the document names one by one; of more, the shards in the ledger do. */
export const MAX_REASONS = 100;

/** Bytes of them: with long ids a hundred would take more than the document may have left. */
export const MAX_REASONS_BYTES = 32 * 1024;

/** The fields to update when a push has come to its end at `at`. */
export function endingOfPush({ counts, reasons, error }: Ending, at: Timestamp) {
  const { state, why } = stateOf(counts, error);
  return {
    state,
    'accepted.state': state,
    counts,
    finishedAt: at,
    nextAt: FieldValue.delete(),
    ...(isShort(reasons) ? { reasons } : {}),
    ...(why === undefined ? {} : { error: why }),
  };
}

/** Bytes that names, identifiers and everything else about a document take at most besides its fields. */
const BESIDE_FIELDS_BYTES = 4_096;

/**
 * The same for the document as it stands: where somebody has made it so large meanwhile that it takes no more, the ending says no
 * more than how it ended, which never makes a document larger.
 */
export function endingIn(
  document: Readonly<Record<string, unknown>>,
  ending: Ending,
  at: Timestamp,
): Partial<ReturnType<typeof endingOfPush>> {
  const full = endingOfPush(ending, at);
  const { state, 'accepted.state': accepted, nextAt, ...more } = full;
  const bytes = bytesOf(document) + bytesOf(more) + BESIDE_FIELDS_BYTES;
  return bytes <= MAX_DOCUMENT_BYTES ? full : { state, 'accepted.state': accepted, nextAt };
}

function isShort(reasons: Ending['reasons']): boolean {
  const entries = Object.entries(reasons);
  if (entries.length === 0 || entries.length > MAX_REASONS) return false;
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.join()), 0);
  return bytes <= MAX_REASONS_BYTES;
}

/**
 * `sent`: every address took it. `partial`: some did. `failed`: none did, or nobody has any.
 *
 * People without an address make no push `partial`: of everybody there is, some never have one. Nor do those who were left
 * out because they muted it: a push to nobody else is `sent`, to nobody.
 */
export function stateOf(
  counts: Counts,
  error?: string,
): { readonly state: PushState; readonly why?: string } {
  const { delivered, unregistered, rejected, failed, expired, unreachable } = counts;
  const lost = unregistered + rejected + failed + expired;
  if (error !== undefined) return { state: delivered > 0 ? 'partial' : 'failed', why: error };
  if (delivered > 0) return { state: lost === 0 ? 'sent' : 'partial' };
  if (lost > 0) {
    return {
      state: 'failed',
      why: 'No address accepted it: counts, and reasons where given, say why.',
    };
  }
  if (unreachable > 0) {
    const why = `None of the ${unreachable} recipients to be notified has an address.`;
    return { state: 'failed', why };
  }
  return { state: 'sent' };
}
