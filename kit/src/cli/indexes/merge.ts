/**
 * Merges what the backend wants into a team's `firestore.indexes.json`: pure. What stands there stays as it stands.
 */
import { getNodeValue } from 'jsonc-parser';
import { own } from '../../model/own';
import { appendElements, appendProperty, JsonError, treeOf } from './append';
import type { OverrideEntry, SearchedEntry, Wanted, WantedIndexes } from './wanted';

/** Something of theirs that is otherwise than the backend wants it, and is kept. */
export interface Difference {
  /** `deliveries.content` */
  readonly field: string;
  readonly message: string;
  /** Whether something fails because of it, rather than costs more. */
  readonly breaks: boolean;
}

export interface Merge {
  /** The file's new content; the same as before where nothing was missing. */
  readonly text: string;
  readonly differences: readonly Difference[];
}

/** As `firebase init` writes it. */
const EMPTY = '{\n  "indexes": [],\n  "fieldOverrides": []\n}\n';
const BOM = '\uFEFF';

/**
 * @param text of the file; empty where there is none.
 * @throws {JsonError} where the text is no such file.
 */
export function mergeIndexes(text: string, wanted: WantedIndexes): Merge {
  if (text.startsWith(BOM)) {
    const merge = mergeIndexes(text.slice(BOM.length), wanted);
    return { ...merge, text: BOM + merge.text };
  }
  const start = text.trim() === '' ? EMPTY : text;
  const before = contentOf(start);
  const overridden = withOverrides(withIndexes(start, before, wanted), before, wanted);
  return { text: overridden, differences: differencesOf(contentOf(overridden), wanted) };
}

interface Content {
  /** Undefined where the file has no such list. */
  readonly indexes: readonly unknown[] | undefined;
  readonly fieldOverrides: readonly unknown[] | undefined;
}

function contentOf(text: string): Content {
  const value: unknown = getNodeValue(treeOf(text));
  const list = (name: string): readonly unknown[] | undefined => {
    const found = own(value, name);
    if (found === undefined || Array.isArray(found)) return found as unknown[] | undefined;
    throw new JsonError(`"${name}" is no list`);
  };
  return { indexes: list('indexes'), fieldOverrides: list('fieldOverrides') };
}

function withIndexes(text: string, { indexes }: Content, wanted: WantedIndexes): string {
  const there = new Set((indexes ?? []).map(indexKey));
  const missing = wanted.indexes
    .map(({ entry }) => entry)
    .filter((entry) => !there.has(indexKey(entry)));
  if (indexes === undefined) return appendProperty(text, [], 'indexes', missing);
  return appendElements(text, ['indexes'], missing);
}

function withOverrides(
  text: string,
  { fieldOverrides: theirs }: Content,
  wanted: WantedIndexes,
): string {
  const all = wanted.overrides.map(({ entry }) => entry);
  const missing = all
    .filter((entry) => overridesAt(theirs, entry).length === 0)
    .map((entry) => (canExpire(theirs, entry) ? entry : withoutTtl(entry)));
  const appended =
    theirs === undefined
      ? appendProperty(text, [], 'fieldOverrides', missing)
      : appendElements(text, ['fieldOverrides'], missing);
  return all
    .filter((entry) => canExpire(theirs, entry) && overridesAt(theirs, entry).every(saysNothing))
    .flatMap((entry) => overridesAt(theirs, entry).slice(0, 1))
    .map((override) => (theirs ?? []).indexOf(override))
    .reduce((now, at) => appendProperty(now, ['fieldOverrides', at], 'ttl', true), appended);
}

function withoutTtl({ ttl: _ttl, ...entry }: OverrideEntry): OverrideEntry {
  return entry;
}

function saysNothing(override: unknown): boolean {
  return own(override, 'ttl') === undefined;
}

/** Whether it wants a TTL policy and may have it: Firestore takes one field of a collection group, and refuses the next. */
function canExpire(theirs: readonly unknown[] | undefined, entry: OverrideEntry): boolean {
  return entry.ttl === true && otherTtl(theirs, entry) === undefined;
}

function otherTtl(
  theirs: readonly unknown[] | undefined,
  { collectionGroup, fieldPath }: OverrideEntry,
): string | undefined {
  return (theirs ?? [])
    .filter((each) => own(each, 'collectionGroup') === collectionGroup && own(each, 'ttl') === true)
    .map((each) => String(own(each, 'fieldPath')))
    .find((field) => field !== fieldPath);
}

function overridesAt(
  theirs: readonly unknown[] | undefined,
  at: Pick<OverrideEntry, 'collectionGroup' | 'fieldPath'>,
): readonly unknown[] {
  return (theirs ?? []).filter(
    (each) =>
      own(each, 'collectionGroup') === at.collectionGroup &&
      own(each, 'fieldPath') === at.fieldPath,
  );
}

/**
 * The same for two indexes that are the same to Firestore: in any order of their keys, with `queryScope` or not, of any density,
 * in the older words of the file, and with the document's id as the last field, which every index has.
 */
function indexKey(index: unknown): string {
  const listed = own(index, 'fields');
  const fields = (Array.isArray(listed) ? (listed as unknown[]) : []).map((field) => [
    own(field, 'fieldPath'),
    own(field, 'order') ?? own(field, 'mode'),
    own(field, 'arrayConfig'),
    own(field, 'vectorConfig'),
    own(field, 'searchConfig'),
  ]);
  const [last, next] = [fields.at(-1), fields.at(-2)];
  if (last?.[0] === '__name__' && last[1] === (next?.[1] ?? 'ASCENDING')) fields.pop();
  return JSON.stringify([
    own(index, 'collectionGroup') ?? own(index, 'collectionId'),
    own(index, 'queryScope') ?? 'COLLECTION',
    own(index, 'apiScope') ?? 'ANY_API',
    fields,
  ]);
}

function differencesOf(content: Content, wanted: WantedIndexes): Difference[] {
  const theirs = content.fieldOverrides;
  return [
    ...wanted.overrides.flatMap((each) => overrideDifferences(theirs, each)),
    ...wanted.searched.flatMap((each) => searchDifferences(theirs, each)),
  ];
}

function overrideDifferences(
  theirs: readonly unknown[] | undefined,
  { entry, why }: Wanted<OverrideEntry>,
): Difference[] {
  const field = `${entry.collectionGroup}.${entry.fieldPath}`;
  const found = overridesAt(theirs, entry);
  const told: Difference[] = [];
  if (found.some((each) => modesOf(each).length > 0)) {
    told.push({ field, breaks: false, message: `indexed by your override, which is kept: ${why}` });
  }
  if (entry.ttl === undefined || found.some((each) => own(each, 'ttl') === true)) return told;
  const other = otherTtl(theirs, entry);
  const message =
    other === undefined
      ? 'your override says "ttl": false, which is kept: without a TTL policy its documents stay for ever'
      : `no TTL policy, because ${other} has one and Firestore takes one of a collection group: documents do not go when the ledger's days are over`;
  return [...told, { field, breaks: false, message }];
}

/** The searches that a field override of theirs, or one for all fields of the collection, leaves without an index. */
function searchDifferences(
  theirs: readonly unknown[] | undefined,
  { entry, why }: Wanted<SearchedEntry>,
): Difference[] {
  const exact = overridesAt(theirs, entry);
  const [deciding] = exact.length > 0 ? exact : overridesAt(theirs, { ...entry, fieldPath: '*' });
  const wanted = entry.by === 'order' ? 'ASCENDING' : 'CONTAINS';
  if (deciding === undefined || modesOf(deciding).includes(wanted)) return [];
  const said = `{ "${entry.by}": "${wanted}", "queryScope": "COLLECTION" }`;
  return [
    {
      field: `${entry.collectionGroup}.${entry.fieldPath}`,
      breaks: true,
      message: `your override of ${String(own(deciding, 'fieldPath'))} leaves it without an index, and ${why}: that fails. Add ${said} to its "indexes"`,
    },
  ];
}

/** What a field override indexes within one collection. */
function modesOf(override: unknown): unknown[] {
  const indexes = own(override, 'indexes');
  return (Array.isArray(indexes) ? (indexes as unknown[]) : [])
    .filter((index) => (own(index, 'queryScope') ?? 'COLLECTION') === 'COLLECTION')
    .map((index) => own(index, 'order') ?? own(index, 'arrayConfig'));
}
