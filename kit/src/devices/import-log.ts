/**
 * What an import says, and how it names a team's document: its path may hold an address, and what its functions throw, too.
 */
import { fingerprint } from '../model/address';
import { describeValue } from '../model/describe-value';
import { idsOf } from '../model/document-id';
import { redact } from '../model/redact';

export interface ImportLog {
  /** An address is the user's now; `from` lost it. */
  imported(uid: string, fingerprint: string, from: readonly string[]): void;
  /** Somebody else claimed the address after the document was written. */
  lost(uid: string, fingerprint: string): void;
  /** The address left the document, and now the user. */
  removed(uid: string, fingerprint: string): void;
  /** It can never be imported as things are. */
  refused(uid: string, fingerprint: string, reason: string): void;
  /** The user had too many addresses. */
  tidied(uid: string, healed: number, evicted: readonly string[]): void;
  /** So many more entries of the document are no addresses. */
  skipped(document: string, entries: number): void;
  /** The team's function threw for a state of the document. */
  faulty(document: string, error: string): void;
  /** The event came without the document, so that nobody knows what went; `found`: documents that it may be about. */
  incomplete(document: string, found: number): void;
}

/** An id as Firestore makes it, which is no address. */
const GENERATED_ID = /^[A-Za-z0-9]{20}$/;
/** Shorter ones stand in any text. */
const MIN_SECRET_LENGTH = 4;
/** Characters of a log line: a message may quote a document of 1 MiB. */
const MAX_TEXT = 4_000;

/** A document's path without addresses: ids other than the user's, and Firestore's own, by fingerprint. */
export function documentName(pattern: string, path: string): string {
  const segments = path.split('/');
  return pattern
    .split('/')
    .map((wanted, index) => {
      const segment = segments[index] ?? '';
      const isPlain = wanted === segment || wanted === '{uid}' || GENERATED_ID.test(segment);
      return isPlain ? segment : fingerprint(segment);
    })
    .join('/');
}

/** What the team's functions threw, with its stack and without addresses: an id of the path by its fingerprint, all else redacted. */
export function faultText(pattern: string, path: string, error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : describeValue(error);
  const { uid: _plain, ...others } = idsOf(pattern, path) ?? {};
  const secrets = Object.values(others).filter(
    (id) => id.length >= MIN_SECRET_LENGTH && !GENERATED_ID.test(id),
  );
  // Cut at the end: half an address would not be recognised.
  return redact(secrets.reduce((safe, id) => safe.replaceAll(id, fingerprint(id)), text)).slice(
    0,
    MAX_TEXT,
  );
}
