/** What the console shows, read from a deployment's Firestore by the code of `why` and `status`; thin. */
import type { DocumentSnapshot, QueryDocumentSnapshot } from '@google-cloud/firestore';
import { noteIds, rootOf } from '../../delivery/entry-ids';
import { groupKeys, type FindGroup } from '../../delivery/find-by';
import { entriesBy, withoutDelivery } from '../../delivery/ledger-search';
import { isDocumentId } from '../../model/document-id';
import type { Collections } from '../../store/collections';
import { UsageError } from '../command';
import { explained, type Deployment } from '../deployment';
import { investigate } from '../why/investigate';
import { readWhyOptions } from '../why/options';
import { iso } from '../words';
import { MAX_READ } from '../status/numbers';
import { countWaiting, readFailed, readUnderWay } from '../status/read-numbers';
import { paced } from './paced';
import { statusOf } from './status-of';
import { ROW_FIELDS, rowOf } from './row';
import {
  BadQuestionError,
  type ConsoleSource,
  type Found,
  type Place,
  type Question,
  type Report,
  type Row,
  type Status,
} from './source';

/** Groups whose entries are rows. Each has sixteen keys, and a query takes thirty. */
const GROUPS: readonly FindGroup[] = ['all', 'nobody', 'compose'];
/** What failed is not read again for this long for each entry that was read: few at each look, a thousand once a minute. */
const REST_MS_PER_ENTRY = 60;

export class LedgerSource implements ConsoleSource {
  readonly place: Place;
  private readonly collections: Collections;
  private readonly deployment: Deployment;
  private readonly now: () => number;
  private readonly failed: () => ReturnType<typeof readFailed>;

  constructor(collections: Collections, deployment: Deployment, now: () => number) {
    const { project, installation, emulator } = deployment;
    this.collections = collections;
    this.deployment = deployment;
    this.now = now;
    this.failed = paced(
      () => readFailed(collections, now()),
      ({ lastDay }) => Math.min(lastDay.deliveries, MAX_READ) * REST_MS_PER_ENTRY,
      now,
    );
    this.place = {
      project,
      instance: installation.id,
      ...(emulator === undefined ? {} : { emulator }),
    };
  }

  made(from: number, until: number, limit: number): Promise<readonly Row[]> {
    return this.explaining(async () => {
      const found = await Promise.all(
        GROUPS.map((group) => this.inGroup(group, from, until, limit)),
      );
      const rows = found.flat().map((entry) => rowOf(entry.id, entry.data(), this.now()));
      rows.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
      return this.withoutComposed(rows.slice(0, limit));
    });
  }

  again(ids: readonly string[]): Promise<readonly Row[]> {
    return this.explaining(async () => {
      const entries = await this.read(ids, ROW_FIELDS);
      return this.withoutComposed(
        entries.map((entry) => rowOf(entry.id, entry.data() ?? {}, this.now())),
      );
    });
  }

  status(): Promise<Status> {
    return this.explaining(async () => {
      const [underWay, waiting, failed] = await Promise.all([
        readUnderWay(this.collections),
        countWaiting(this.collections),
        this.failed(),
      ]);
      return statusOf({ at: this.now(), ...underWay, waiting, ...failed });
    });
  }

  report(question: Question): Promise<Report> {
    const now = this.now();
    const asked = whyQuestion(question, now);
    return this.explaining(async () => {
      const { stories, unnamed, facts, hints, cut } = await investigate(
        this.collections,
        this.deployment,
        asked,
        now,
      );
      const rows = unnamed.map((event) => ({ ...event, at: iso(event.at) }));
      return { stories, unnamed: rows, facts, hints, cut };
    });
  }

  async find(text: string): Promise<Found> {
    const value = text.trim();
    if (value.includes('/')) {
      const { document } = whyQuestion({ by: 'document', value }, this.now());
      return { by: 'document', value: document ?? value };
    }
    if (!isDocumentId(value)) {
      throw new BadQuestionError(
        'Expected the path of a document, or an id of a user or delivery.',
      );
    }
    // An id says not whose it is, so that the ledger is asked.
    const ids = [value, ...Object.values(noteIds(value))];
    const known = await this.explaining(() => this.read(ids, ['type']));
    return { by: known.length > 0 ? 'delivery' : 'person', value };
  }

  private async inGroup(
    group: FindGroup,
    from: number,
    until: number,
    limit: number,
  ): Promise<QueryDocumentSnapshot[]> {
    // The end of the time is not in it, and entries are made at whole milliseconds.
    const times = { since: from, until: until - 1 };
    const { docs } = await entriesBy(this.collections.deliveries, groupKeys(group), times)
      .select(...ROW_FIELDS)
      .limit(limit)
      .get();
    return docs;
  }

  /** Those that there are. */
  private async read(
    ids: readonly string[],
    fields: readonly string[],
  ): Promise<DocumentSnapshot[]> {
    const { db, deliveries } = this.collections;
    const refs = ids.map((id) => deliveries.doc(id));
    const found = await db.getAll(...refs, { fieldMask: [...fields] });
    return found.filter(({ exists }) => exists);
  }

  /** That `compose` failed matters no more once it has not: then the event has a delivery. */
  private async withoutComposed(rows: readonly Row[]): Promise<Row[]> {
    const notes = rows.filter(isComposeNote);
    const failing = new Set(await withoutDelivery(this.collections.deliveries, notes));
    return rows.filter((row) => !isComposeNote(row) || failing.has(row));
  }

  private async explaining<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      throw explained(error, this.deployment);
    }
  }
}

/** Of an event whose `compose` failed. */
function isComposeNote({ id }: Row): boolean {
  return id === noteIds(rootOf(id)).compose;
}

/** As the command line takes it, with all that it refuses. */
function whyQuestion({ by, value, within }: Question, now: number) {
  const option = by === 'person' ? 'user' : by;
  const since = within === undefined ? [] : [`--since=${iso(now - within)}`];
  try {
    return readWhyOptions([`--${option}=${value}`, ...since], now).question;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const message = error.message.replace(/^--\w+: e/, 'E');
    throw new BadQuestionError(message, { cause: error });
  }
}
