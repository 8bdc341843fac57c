/** What the client's reads return. */
import { fieldAt, masked, segmentsOf, type Fields, type Mask } from './fields.ts';
import type { Version } from './server.ts';
import { Timestamp, type FieldPath, type NameValue } from './values.ts';

/** Its data are frozen, and the same each time: copying them is what would take longest in a simulation. */
export class DocumentSnapshot<Reference extends NameValue = NameValue> {
  readonly ref: Reference;
  private readonly version: Version | undefined;
  private readonly fields: Fields | undefined;
  private readonly readAt: number;

  /** @param readAt µs since 1970. */
  constructor(ref: Reference, version: Version | undefined, mask: Mask, readAt: number) {
    this.ref = ref;
    this.version = version;
    this.fields = version && masked(version.fields, mask);
    this.readAt = readAt;
  }

  get id(): string {
    return this.ref.path.slice(this.ref.path.lastIndexOf('/') + 1);
  }

  get exists(): boolean {
    return this.version !== undefined;
  }

  get readTime(): Timestamp {
    return Timestamp.fromMicros(this.readAt);
  }

  get createTime(): Timestamp | undefined {
    return this.version && Timestamp.fromMicros(this.version.createTime);
  }

  get updateTime(): Timestamp | undefined {
    return this.version && Timestamp.fromMicros(this.version.updateTime);
  }

  data(): Fields | undefined {
    return this.fields;
  }

  get(field: string | FieldPath): unknown {
    return fieldAt(this.fields, segmentsOf(field));
  }
}

export class QuerySnapshot<Document extends DocumentSnapshot = DocumentSnapshot> {
  readonly docs: readonly Document[];
  readonly readTime: Timestamp;

  constructor(docs: readonly Document[], readTime: Timestamp) {
    this.docs = docs;
    this.readTime = readTime;
  }

  get size(): number {
    return this.docs.length;
  }

  get empty(): boolean {
    return this.docs.length === 0;
  }

  forEach(visit: (document: Document) => void): void {
    for (const document of this.docs) visit(document);
  }
}

export interface AggregateSnapshot {
  data(): Readonly<Record<string, number>>;
}
