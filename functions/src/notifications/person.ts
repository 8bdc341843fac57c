/**
 * What a push may say of a person: the public name, never the document.
 */
import * as z from 'zod';
import { at, type Reader } from '../../../kit/src/catalogue/reader';
import { isDocumentId } from '../../../kit/src/model/document-id';
import { optionalText } from './fields';

const profile = z.object({ displayName: optionalText });

/** The user's display name, or `Someone`. One document read, of that field only; none for what cannot be a user's id. */
export async function nameOf(uid: string, reader: Reader): Promise<string> {
  const known = isDocumentId(uid) ? await reader.get(at`users/${uid}`, profile) : undefined;
  return known?.displayName || 'Someone';
}
