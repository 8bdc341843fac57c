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

/** Collections that have the same path although they are settings of their own: their documents would be mixed up. */
export function sameCollections(
  paths: Readonly<Record<string, string>>,
): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const [setting, path] of Object.entries(paths)) {
    const other = seen.get(path);
    if (other !== undefined) return [other, setting];
    seen.set(path, setting);
  }
  return undefined;
}
