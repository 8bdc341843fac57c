/**
 * A fixture: an installation as a release left it in the middle of its work, with what is to become of it. Kept as JSON, one file
 * a scene, under `fixtures/{version}/`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Timestamp } from '@google-cloud/firestore';

/** Where the fixtures of all releases are. */
export const FIXTURES = join(__dirname, 'fixtures');

/** What an address is to get of the present release. */
export type Told =
  /** Exactly one push. */
  | 'due'
  /** It had its push: none. */
  | 'done'
  /** It may have had its push, which nobody recorded: one more at most. */
  | 'in doubt'
  /** It was never to get one: none. */
  | 'never';

/** An event that the platform may deliver, or deliver again. */
export type RecordedEvent = {
  /** Its function had come to its end; otherwise the platform certainly delivers it again. */
  readonly isAcknowledged: boolean;
} & (
  | { readonly push: string }
  /** A trigger's: the delivery's id and what was composed of the document. */
  | { readonly delivery: string; readonly notification: Readonly<Record<string, unknown>> }
);

/** A task that waits in a queue. */
export interface RecordedTask {
  readonly queue: 'deliveries' | 'pushes';
  /** When it is dispatched, ms since 1970. */
  readonly at: number;
  /** The payload, as it was enqueued. */
  readonly task: Readonly<Record<string, unknown>>;
}

/** What the scene's author expects. */
export interface Expected {
  /** By address; a topic is `/topics/{name}`, a condition stands as it is. */
  readonly told: Readonly<Record<string, Told>>;
  /** By address: not before that, ms since 1970. */
  readonly notBefore?: Readonly<Record<string, number>>;
  /** By address: what stands in the push. */
  readonly says?: Readonly<Record<string, string>>;
  /** By path: fields of documents in the end; counts may be given in part. */
  readonly ends: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Fixture {
  /** What the installation was in the middle of. */
  readonly scene: string;
  /** When it was left, ms since 1970. */
  readonly at: number;
  /** Its setting `SHARD_SIZE`. */
  readonly shardSize: number;
  readonly expected: Expected;
  readonly events: readonly RecordedEvent[];
  readonly tasks: readonly RecordedTask[];
  /** Ids of all tasks so far: a queue takes none of them again. */
  readonly taskIds: readonly string[];
  /** Every document, by path. */
  readonly documents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The releases of which there are fixtures. */
export function recordedReleases(): string[] {
  return readdirSync(FIXTURES).sort();
}

/** A release's fixtures, by the names of their files. */
export function fixturesOf(release: string): Map<string, Fixture> {
  const folder = join(FIXTURES, release);
  const files = readdirSync(folder).sort();
  return new Map(
    files.map((file) => [
      file.replace(/\.json$/, ''),
      parse(readFileSync(join(folder, file), 'utf8')),
    ]),
  );
}

/** The key by which JSON says that a value is one of Firestore's timestamps. */
const TIMESTAMP = '$timestamp';

/** The same text for the same fixture, whichever way it came about. */
export function stringify(fixture: Fixture): string {
  const { documents, taskIds, ...rest } = fixture;
  return `${JSON.stringify(
    { ...rest, taskIds: [...taskIds].sort(), documents: encoded(documents, 'documents') },
    undefined,
    1,
  )}\n`;
}

export function parse(text: string): Fixture {
  return JSON.parse(text, (_key, value: unknown) =>
    isTimestamp(value) ? Timestamp.fromDate(new Date(value[TIMESTAMP])) : value,
  ) as Fixture;
}

function isTimestamp(value: unknown): value is { readonly [TIMESTAMP]: string } {
  return typeof value === 'object' && value !== null && TIMESTAMP in value;
}

/** A document's value as JSON, maps in order of their keys. What JSON cannot say without loss is an error. */
function encoded(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each, index) => encoded(each, `${path}[${index}]`));
  if (value instanceof Timestamp) {
    if (value.nanoseconds % 1_000_000 !== 0) throw new Error(`${path}: finer than a millisecond.`);
    return { [TIMESTAMP]: value.toDate().toISOString() };
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, each]) => [key, encoded(each, `${path}.${key}`)]));
  }
  throw new Error(`${path}: a fixture cannot hold this type of value yet.`);
}
