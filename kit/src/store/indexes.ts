/**
 * The indexes and TTL policies that the backend's collections want: what `firestore.indexes.json` has for it, and what
 * `npx @firestore-push/push indexes` adds to a team's own file.
 */

/** `digestItems` is below `deliveries`, and has the same name in every deployment. */
export type IndexedCollection = 'users' | 'devices' | 'deliveries' | 'digestItems' | 'pushes';

export interface IndexedField {
  readonly field: string;
  readonly by: 'ASCENDING' | 'DESCENDING' | 'CONTAINS';
}

export interface CompositeIndex {
  readonly collection: IndexedCollection;
  /** Of one collection. */
  readonly fields: readonly IndexedField[];
  readonly why: string;
}

/** A field of an index as Firestore's API and `firestore.indexes.json` have it. */
export type IndexFieldEntry =
  | { readonly fieldPath: string; readonly order: 'ASCENDING' | 'DESCENDING' }
  | { readonly fieldPath: string; readonly arrayConfig: 'CONTAINS' };

export function indexFieldEntry({ field: fieldPath, by }: IndexedField): IndexFieldEntry {
  return by === 'CONTAINS' ? { fieldPath, arrayConfig: by } : { fieldPath, order: by };
}

const rising = (...fields: readonly string[]): IndexedField[] =>
  fields.map((field) => ({ field, by: 'ASCENDING' }));

export interface FieldOverride {
  readonly collection: IndexedCollection;
  readonly field: string;
  /** Documents are deleted at this time. */
  readonly ttl?: true;
  /** What it costs where the field is indexed nevertheless. */
  readonly why: string;
}

/** A field that is searched for alone: Firestore indexes it, unless an override says that it should not. */
export interface SearchedField {
  readonly collection: IndexedCollection;
  readonly field: string;
  readonly by: 'order' | 'arrayConfig';
  readonly why: string;
}

export const COMPOSITE_INDEXES: readonly CompositeIndex[] = [
  {
    collection: 'deliveries',
    fields: rising('state', 'leaseUntil'),
    why: 'sweepDeliveries finds deliveries that stopped half-way',
  },
  {
    collection: 'deliveries',
    fields: rising('parent', 'state'),
    why: 'a large delivery counts its finished parts',
  },
  {
    collection: 'deliveries',
    fields: [{ field: 'findBy', by: 'CONTAINS' }, ...rising('createdAt')],
    why: 'deliveries are found by document, person, kind and time, and counted',
  },
  // A sum needs its field in the index, after those that are searched: https://firebase.google.com/docs/firestore/query-data/aggregation-queries
  {
    collection: 'deliveries',
    fields: rising('sender.actor', 'sender.at', 'sender.size'),
    why: 'how many people the events of one user reached is summed',
  },
  {
    collection: 'deliveries',
    fields: rising('sender.once', 'sender.at'),
    why: 'what was told already is found by it',
  },
  {
    collection: 'deliveries',
    fields: [...rising('parent'), { field: 'after', by: 'DESCENDING' }],
    why: 'the part of a large delivery that somebody is in is found by it',
  },
  {
    collection: 'digestItems',
    fields: [...rising('slot'), { field: 'at', by: 'DESCENDING' }],
    why: 'what a digest tells is found by it',
  },
  {
    collection: 'devices',
    fields: rising('refreshedBy', 'refreshedAt'),
    why: 'sweepStaleDevices finds devices that are no longer used',
  },
];

const NEVER_SEARCHED = 'nothing searches for it: an index costs storage and slows each write';
/** Neighbouring values go to one place of an index, which takes about 500 writes a second. */
const RISING = 'an index of times that only rise takes about 500 writes a second in all';
const LARGE = 'it may be large or have many parts, and each is an entry of an index';
const LEFT = 'without a TTL policy its documents stay for ever';

const overrides = (
  collection: IndexedCollection,
  why: string,
  fields: readonly string[],
): FieldOverride[] => fields.map((field) => ({ collection, field, why }));

/** Fields without an index. */
export const FIELD_OVERRIDES: readonly FieldOverride[] = [
  ...overrides('deliveries', NEVER_SEARCHED, ['actor', 'after']),
  ...overrides('deliveries', LARGE, ['answers']),
  ...overrides('deliveries', NEVER_SEARCHED, ['attempts']),
  ...overrides('deliveries', RISING, ['audienceBegan']),
  ...overrides('deliveries', NEVER_SEARCHED, ['claim']),
  ...overrides('deliveries', LARGE, ['codes', 'composing', 'content', 'counts', 'coverage']),
  ...overrides('deliveries', RISING, ['createdAt']),
  ...overrides('deliveries', RISING, ['closesAt']),
  ...overrides('deliveries', NEVER_SEARCHED, ['digest', 'document', 'error', 'errorCode']),
  ...overrides('deliveries', RISING, ['eventAt']),
  { collection: 'deliveries', field: 'expiresAt', ttl: true, why: `${RISING}; ${LEFT}` },
  ...overrides('deliveries', LARGE, ['findBy']),
  ...overrides('deliveries', RISING, ['from']),
  ...overrides('deliveries', LARGE, ['history']),
  ...overrides('deliveries', NEVER_SEARCHED, ['isArmed', 'isClosed']),
  ...overrides('deliveries', RISING, ['latestAt', 'leaseUntil']),
  ...overrides('deliveries', NEVER_SEARCHED, ['nobody']),
  ...overrides('deliveries', LARGE, ['pending']),
  ...overrides('deliveries', NEVER_SEARCHED, ['reached']),
  ...overrides('deliveries', LARGE, ['reasons']),
  ...overrides('deliveries', NEVER_SEARCHED, ['recompose']),
  ...overrides('deliveries', RISING, ['reopenedAt']),
  ...overrides('deliveries', LARGE, ['resends']),
  ...overrides('deliveries', RISING, ['retryAt']),
  ...overrides('deliveries', NEVER_SEARCHED, ['round']),
  ...overrides('deliveries', LARGE, ['rounds']),
  ...overrides('deliveries', RISING, ['sender']),
  ...overrides('deliveries', NEVER_SEARCHED, ['sent', 'shownAs']),
  ...overrides('deliveries', RISING, ['updatedAt']),
  ...overrides('deliveries', NEVER_SEARCHED, ['window', 'withdraws', 'withheld']),
  ...overrides('digestItems', NEVER_SEARCHED, ['actor']),
  ...overrides('digestItems', RISING, ['at']),
  ...overrides('digestItems', NEVER_SEARCHED, ['document']),
  ...overrides('digestItems', RISING, ['eventAt']),
  { collection: 'digestItems', field: 'expiresAt', ttl: true, why: `${RISING}; ${LEFT}` },
  ...overrides('digestItems', NEVER_SEARCHED, ['leads', 'name']),
  ...overrides('digestItems', LARGE, ['push']),
  ...overrides('digestItems', NEVER_SEARCHED, ['slot']),
  ...overrides('pushes', LARGE, ['accepted', 'apns']),
  ...overrides('pushes', NEVER_SEARCHED, ['body', 'counts']),
  ...overrides('pushes', LARGE, ['data', 'errors']),
  { collection: 'pushes', field: 'expiresAt', ttl: true, why: `${RISING}; ${LEFT}` },
  ...overrides('pushes', LARGE, ['reasons']),
  ...overrides('pushes', NEVER_SEARCHED, ['refused', 'title']),
  ...overrides('pushes', LARGE, ['to']),
];

/** The field `tokens` has the name that the setting gives it. */
export const SEARCHED_FIELDS: readonly SearchedField[] = [
  {
    ...{ collection: 'users', field: 'tokens', by: 'arrayConfig' },
    why: 'who else has an address is found by it',
  },
  {
    ...{ collection: 'devices', field: 'uid', by: 'order' },
    why: "a user's devices are found by it",
  },
  {
    ...{ collection: 'devices', field: 'address', by: 'order' },
    why: 'the older addresses of a device are found by it when it registers a new one',
  },
  {
    ...{ collection: 'deliveries', field: 'parent', by: 'order' },
    why: 'the parts of a large delivery are found by it',
  },
  {
    ...{ collection: 'deliveries', field: 'due', by: 'order' },
    why: 'deliveries that wait for a retry are found by it',
  },
  {
    ...{ collection: 'pushes', field: 'nextAt', by: 'order' },
    why: 'planned pushes are found by it when their time has come',
  },
];
