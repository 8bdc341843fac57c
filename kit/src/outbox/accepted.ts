/**
 * Reads what the server last took note of in a push document, which somebody may have overwritten by hand; pure.
 */
import { Timestamp } from '@google-cloud/firestore';
import { PUSH_STATES, type PushDocument, type PushServerFields } from './push-document';

type Accepted = NonNullable<PushServerFields['accepted']>;

const STATES: ReadonlySet<unknown> = new Set(PUSH_STATES);

/** {@link PushServerFields.accepted} as the server writes it; undefined for anything else, with which nothing can go on. */
export function acceptedOf(document: PushDocument): Accepted | undefined {
  const value: unknown = document.accepted;
  if (typeof value !== 'object' || value === null) return undefined;
  const { hash, state, revision, dueAt } = value as Readonly<Record<string, unknown>>;
  const isOurs =
    typeof hash === 'string' &&
    STATES.has(state) &&
    Number.isSafeInteger(revision) &&
    dueAt instanceof Timestamp;
  return isOurs ? (value as Accepted) : undefined;
}

/** Releases before 0.2 wrote this where later ones write `partial`. */
const OLDER_PARTIAL = 'partly';

/** The document in today's words. */
export function inTodaysWords(document: PushDocument): PushDocument {
  const accepted: unknown = document.accepted;
  const { state } = (accepted ?? {}) as { state?: unknown };
  return {
    ...document,
    ...((document.state as unknown) === OLDER_PARTIAL ? { state: 'partial' } : {}),
    ...(state === OLDER_PARTIAL
      ? { accepted: { ...(accepted as Accepted), state: 'partial' } }
      : {}),
  };
}
