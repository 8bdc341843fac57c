/**
 * What `compose` returns where it tells nobody, and wants that to be found by whoever asks why.
 */
import { describeValue } from '../model/describe-value';
import { isDocumentId } from '../model/document-id';
import { InvalidInputError } from '../model/invalid-input';
import { redact } from '../model/redact';

/** Made by {@link nobody}. */
export interface Nobody {
  /** Why. */
  readonly nobody: string;
  /** Ids of the people who might ask. */
  readonly about: readonly string[];
}

/** Characters of a reason: a sentence, not a document. */
const MAX_WHY_LENGTH = 500;
/** People that one note is found by. */
const MAX_ABOUT = 50;

/**
 * Says that nobody is to be told, and why: `npx @firestore-push/push why` then finds it, by the document and by the people that it is
 * about. What is recorded is decided by the setting `RECORD_NOBODY`.
 *
 * @param why in a few words, e.g. `the post was deleted`; of more than 500 characters the first.
 * @param options.about user ids of those who might ask: whoever would have been told, whoever did it; at most 50 are kept.
 * @throws {InvalidInputError} without words.
 * @example
 * ```ts
 * import { at, defineNotification, nobody } from '@firestore-push/push/lib';
 * import * as z from 'zod';
 *
 * export const notifyLike = defineNotification({
 *   name: 'like',
 *   document: 'posts/{postId}/likes/{uid}',
 *   schema: z.object({}),
 *   async compose({ params: { postId, uid }, reader }) {
 *     const post = await reader.get(at`posts/${postId}`, z.object({ ownerId: z.string() }));
 *     if (post === undefined) return nobody('the post was deleted', { about: uid });
 *     return { to: post.ownerId, actor: uid, title: 'Somebody likes your post' };
 *   },
 * });
 * ```
 */
export function nobody(
  why: string,
  options: { readonly about?: string | readonly string[] } = {},
): Nobody {
  const words: unknown = why;
  if (typeof words !== 'string' || words.trim() === '') {
    throw new InvalidInputError(
      `nobody(): expected a reason in words, got ${describeValue(words)}.`,
    );
  }
  // Often the field of a document, which may hold anything: what can be no person's id is left out.
  const about: unknown = options.about;
  const people: readonly unknown[] = Array.isArray(about) ? about : [about];
  return {
    nobody: redact(words.trim()).slice(0, MAX_WHY_LENGTH).toWellFormed(),
    about: people.filter(isDocumentId).slice(0, MAX_ABOUT),
  };
}
