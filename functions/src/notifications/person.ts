/**
 * What a push may say of a person: the public name, never the document.
 */
import { at, isDocumentId, type Reader } from '@firestore-push/push/lib';
import * as z from 'zod';
import { optionalText } from './fields';

const profile = z.object({ displayName: optionalText });

/** The user's display name, or `Someone`. One document read, of that field only; none for what cannot be a user's id. */
export async function nameOf(uid: string, reader: Reader): Promise<string> {
  const known = isDocumentId(uid) ? await reader.get(at`users/${uid}`, profile) : undefined;
  return known?.displayName || 'Someone';
}
