/**
 * Names that an operator gives to collections, to the field with the addresses and to the database.
 */
import type { TextForm } from './settings';

/** ASCII only: a trigger's path with other letters arrives garbled, and nobody could tell its documents. */
const NAME = '(?!__.*__(?:/|$))(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,100}';

/** A collection's path: the name of one at the top, or of one below a document. */
export const COLLECTION_PATH: TextForm = {
  form: new RegExp(`^${NAME}(?:/${NAME}/${NAME}){0,10}$`),
  words: 'the path of a collection, such as users or apps/shop/users, of letters, digits and _ . -',
};

/** What a user's document has besides: the list of addresses must not be one of these. */
const OTHER_FIELDS = ['locale', 'timeZone', 'notificationSettings', 'takeovers'];

export const FIELD_NAME: TextForm = {
  form: new RegExp(`^(?!(?:${OTHER_FIELDS.join('|')})$)(?!__.*__$)[A-Za-z_][A-Za-z0-9_]{0,99}$`),
  words: `the name of a field, of letters, digits and _, other than ${OTHER_FIELDS.join(', ')}`,
};

/** https://firebase.google.com/docs/firestore/manage-databases: 4 to 63 characters. */
export const DATABASE_ID: TextForm = {
  form: /^(?:\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/,
  words: '(default) or the id of a Firestore database: 4 to 63 lower-case letters, digits and -',
};

/** The last name of a collection's path: what indexes, exemptions and time-to-live policies are kept by, wherever the collection is. */
export function collectionGroup(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What stands above the last name of a path; '' where nothing does. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * What is wrong with the collections of one installation together; undefined if nothing is.
 *
 * @param paths by setting.
 */
export function collectionProblem(paths: ReadonlyMap<string, string>): string | undefined {
  const entries = [...paths];
  for (const [index, [setting, path]] of entries.entries()) {
    for (const [other, otherPath] of entries.slice(index + 1)) {
      const settings = `${setting} and ${other}`;
      if (path === otherPath) return `${settings}: expected different collections, got the same.`;
      if (collectionGroup(path) === collectionGroup(otherPath)) {
        return `${settings}: expected different last names, because indexes and time-to-live policies count for all collections of a name; got "${collectionGroup(path)}" for both.`;
      }
      if (path.startsWith(`${otherPath}/`) || otherPath.startsWith(`${path}/`)) {
        return `${settings}: expected none of them below the other, got "${path}" and "${otherPath}".`;
      }
    }
  }
  return undefined;
}
