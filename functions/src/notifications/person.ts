/**
 * What a push may say of a person: the public name, never the document.
 */
import * as z from 'zod';
import type { Reader } from '../delivery/reader';
import { optionalText } from './fields';

const profile = z.object({ displayName: optionalText });

/** The user's display name, or `Someone`. One document read, of that field only. */
export async function nameOf(uid: string, reader: Reader): Promise<string> {
  return (await reader.get(`users/${uid}`, profile))?.displayName || 'Someone';
}
