/** Documents' names, taken apart. */
import type { FirestoreError } from './codes.ts';
import { idLengthRefusal, idRefusal } from './limits.ts';

export interface Name {
  /** The collection's path. */
  readonly collection: string;
  readonly id: string;
  /** Why nothing can be asked of it. */
  readonly refusal: FirestoreError | undefined;
  /** Why nothing can be written of it. */
  readonly writeRefusal: FirestoreError | undefined;
}

const names = new Map<string, Name>();
const MAX_NAMES = 5_000;

/** Names come again and again within a world; those of worlds that are over are forgotten all at once. */
export function nameOf(path: string): Name {
  const known = names.get(path);
  if (known !== undefined) return known;
  const end = path.lastIndexOf('/');
  const ids = path.split('/');
  const refusal = ids.map(idRefusal).find((each) => each !== undefined);
  const name = {
    ...{ collection: path.slice(0, end), id: path.slice(end + 1), refusal },
    writeRefusal: refusal ?? ids.map(idLengthRefusal).find((each) => each !== undefined),
  };
  if (names.size > MAX_NAMES) names.clear();
  names.set(path, name);
  return name;
}

/** Whether a collection is one of a group's, which has this id. */
export function isOfGroup(collection: string, id: string): boolean {
  return collection === id || collection.endsWith(`/${id}`);
}
