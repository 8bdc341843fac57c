/**
 * The entries of `firestore.indexes.json` that installations want, by their own names.
 */
import {
  COMPOSITE_INDEXES,
  FIELD_OVERRIDES,
  indexFieldEntry,
  SEARCHED_FIELDS,
  type IndexFieldEntry,
  type SearchedField,
} from '../../store/indexes';
import { groupOf, type Names } from '../names';

/** As it stands in the file. */
export interface IndexEntry {
  readonly collectionGroup: string;
  readonly queryScope: 'COLLECTION';
  readonly fields: readonly IndexFieldEntry[];
}

/** As it stands in the file; none of the fields is indexed. */
export interface OverrideEntry {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  readonly ttl?: true;
  readonly indexes: readonly [];
}

export interface Wanted<Entry> {
  readonly entry: Entry;
  readonly why: string;
}

export interface SearchedEntry {
  readonly collectionGroup: string;
  readonly fieldPath: string;
  readonly by: SearchedField['by'];
}

export interface WantedIndexes {
  readonly indexes: readonly Wanted<IndexEntry>[];
  readonly overrides: readonly Wanted<OverrideEntry>[];
  readonly searched: readonly Wanted<SearchedEntry>[];
}

/** What all of them want together, each once. */
export function wantedIndexes(installations: readonly Names[]): WantedIndexes {
  return {
    indexes: distinct(installations.flatMap(indexesOf)),
    overrides: distinct(installations.flatMap(overridesOf)),
    searched: distinct(installations.flatMap(searchedOf)),
  };
}

function indexesOf(names: Names): Wanted<IndexEntry>[] {
  return COMPOSITE_INDEXES.map(({ collection, fields, why }) => ({
    entry: {
      collectionGroup: groupOf(names, collection),
      queryScope: 'COLLECTION',
      fields: fields.map(indexFieldEntry),
    },
    why,
  }));
}

function overridesOf(names: Names): Wanted<OverrideEntry>[] {
  return FIELD_OVERRIDES.map(({ collection, field, ttl, why }) => ({
    entry: {
      collectionGroup: groupOf(names, collection),
      fieldPath: field,
      ...(ttl && { ttl }),
      indexes: [],
    },
    why,
  }));
}

function searchedOf(names: Names): Wanted<SearchedEntry>[] {
  return SEARCHED_FIELDS.map(({ collection, field, by, why }) => ({
    entry: {
      collectionGroup: groupOf(names, collection),
      fieldPath: collection === 'users' && field === 'tokens' ? names.tokensField : field,
      by,
    },
    why,
  }));
}

function distinct<Each>(values: readonly Each[]): Each[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
