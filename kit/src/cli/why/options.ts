/** Reads the command line of `why`; pure. */
import { isDocumentPath } from '../../model/document-id';
import { readOptions, UsageError } from '../command';
import { DEPLOYMENT_HELP, DEPLOYMENT_OPTIONS, type DeploymentChoice } from '../deployment';
import { deliveryIdOf, idOf } from '../id-option';
import { timesOf } from '../time-option';

/** What is asked about: at least one of the first four. Times are ms since 1970. */
export interface Question {
  /** Path of a document. */
  readonly document?: string;
  /** A person's user id. */
  readonly user?: string;
  /** Id of a delivery, or of a shard or note of one. */
  readonly delivery?: string;
  /** A kind of notification; with one of the others: only events of it. */
  readonly kind?: string;
  readonly since?: number;
  readonly until?: number;
  /** How many events are told of at the most, the newest first. */
  readonly limit: number;
}

export interface WhyOptions {
  readonly question: Question;
  readonly deployment: DeploymentChoice;
  readonly isJson: boolean;
  /** The whole timeline also where there are several events. */
  readonly isFull: boolean;
}

export const WHY_HELP = `Usage: npx @firestore-push/push why (--document PATH | --user UID | --kind NAME | --delivery ID) [options]

Says why somebody got a push or not: what became of an event from the write of its document to each device, in words, with
what to do. It only reads.

What is asked about:
  --document PATH       the document that should have told somebody: posts/p1/likes/leo; also pushes/ID of the outbox
  --user UID            the person who should have been told; together with --document: this person in that event
  --kind NAME           every event of this kind of notification, such as like; with one of the others: only those of it
  --delivery ID         one entry of the ledger, by the id that the log has

Options:
  --since TIME          only events since then: 30m, 2h, 3d, or an ISO time; default without --document: 24h
  --until TIME          only events until then
  --limit N             events at the most, the newest first; default: 20
  --full                the whole timeline of each, also where there are several
${DEPLOYMENT_HELP}  --json                prints JSON
  --help                this text

It uses the application default credentials (gcloud auth application-default login) and needs roles/datastore.viewer.

Exit code: 0 if something was found and all of it is final, 1 if no event was found that is about it, 2 if it could not look,
3 if something of it is still under way.
`;

const OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  document: { type: 'string' },
  user: { type: 'string' },
  kind: { type: 'string' },
  delivery: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string' },
  full: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const DEFAULT_LIMIT = 20;
/** Each is read with what belongs to it. */
const MAX_LIMIT = 200;
/** How far a search for a person or a kind goes back. */
const DEFAULT_SINCE = '24h';

/**
 * @param args the command line without the command's name.
 * @param now ms since 1970.
 * @throws {UsageError} naming the option, what was expected and what was got.
 */
export function readWhyOptions(args: readonly string[], now: number): WhyOptions {
  const { values } = readOptions(args, OPTIONS);
  const { document, user, kind, delivery, since, until } = values;
  if ([document, user, kind, delivery].every((each) => each === undefined)) {
    throw new UsageError(
      'Expected --document PATH, --user UID, --kind NAME or --delivery ID, got none of them.',
    );
  }
  if (delivery !== undefined && document !== undefined) {
    throw new UsageError('--delivery: expected without --document, because it names one event.');
  }
  const isOfTime = document === undefined && delivery === undefined;
  // A search for a person or a kind has no other end.
  const from = isOfTime ? (since ?? DEFAULT_SINCE) : since;
  return {
    question: {
      limit: limitOf(values.limit),
      ...(document === undefined ? {} : { document: documentOf(document) }),
      ...(user === undefined ? {} : { user: idOf('--user', user) }),
      ...(kind === undefined ? {} : { kind }),
      ...(delivery === undefined ? {} : { delivery: deliveryIdOf(delivery) }),
      ...timesOf({ since: from, until }, now),
    },
    deployment: {
      project: values.project,
      instance: values.instance,
      emulators: values.emulators,
    },
    isJson: values.json === true,
    isFull: values.full === true,
  };
}

/** As a path in its database, however it was copied: with a slash before it, or as Google's full name of it. */
function documentOf(given: string): string {
  const path = given
    .replace(/^(?:.*\/)?projects\/[^/]+\/databases\/[^/]+\/documents\//, '')
    .replace(/^\/+/, '')
    .replace(/\/+$/, '');
  if (isDocumentPath(path)) return path;
  throw new UsageError(
    `--document: expected the path of a document, such as posts/p1/likes/leo, got "${given}".`,
  );
}

function limitOf(given: string | undefined): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit: expected a whole number from 1 to ${MAX_LIMIT}, got "${given}".`);
}
