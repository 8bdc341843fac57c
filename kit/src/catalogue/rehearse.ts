/**
 * For an app's own tests: what a catalogue entry makes of a document, without Firebase.
 *
 * @packageDocumentation
 */
import { Localiser } from '../delivery/localise';
import { complete } from '../model/notification/complete';
import { idsOf } from '../model/document-id';
import { InvalidInputError } from '../model/invalid-input';
import type { MessageCatalogue } from '../model/message-catalogue';
import type { Notification } from '../model/notification/notification';
import { own } from '../model/own';
import type { IdsOf, NotificationDefinition } from './compose';
import { checked, type Reader } from './reader';

/** A trigger as `defineNotification` makes it. */
export interface Rehearsable<Path extends string, Document> {
  /** What `defineNotification` was given. */
  readonly definition: NotificationDefinition<Path, Document>;
}

/** A document that is created, and the other documents that exist. */
export interface Scene {
  /** Path of the created document, e.g. `posts/p1/likes/leo`. */
  readonly path: string;
  /** Its fields. */
  readonly document: unknown;
  /** The other documents by path. Default: none. */
  readonly documents?: Readonly<Record<string, object>>;
}

/** What came of a document. */
export interface Rehearsal {
  /** What would be sent, and to whom; null: nothing. */
  readonly notification: Notification | null;
  /** Why nothing would be sent, where `compose` says so with `nobody('why')`. */
  readonly nobody?: string;
  /** Paths of the documents that were read, in order; each costs one read per event. */
  readonly read: readonly string[];
}

/**
 * Composes a notification as the deployed function would, and checks it as the engine would.
 *
 * @throws {InvalidInputError} where the document, or the notification, would be recorded as failed.
 * @example
 * ```ts
 * import { at, defineNotification } from '@firestore-push/push/lib';
 * import { rehearse } from '@firestore-push/push/testing';
 * import * as z from 'zod';
 *
 * const person = z.object({ displayName: z.string() });
 * const notifyFollow = defineNotification({
 *   name: 'follow',
 *   document: 'follows/{followId}',
 *   schema: z.object({ followerId: z.string(), followedId: z.string() }),
 *   async compose({ document: { followerId, followedId }, reader }) {
 *     const follower = await reader.get(at`users/${followerId}`, person);
 *     return { to: followedId, title: `${follower?.displayName ?? 'Somebody'} follows you` };
 *   },
 * });
 *
 * const { notification, read } = await rehearse(notifyFollow, {
 *   path: 'follows/f1',
 *   document: { followerId: 'leo', followedId: 'maya' },
 *   documents: { 'users/leo': { displayName: 'Leo' } },
 * });
 * notification; // => { to: 'maya', title: 'Leo follows you' }
 * read; // => ['users/leo']
 * ```
 */
export async function rehearse<Path extends string, Document>(
  { definition }: Rehearsable<Path, Document>,
  { path, document, documents = {} }: Scene,
): Promise<Rehearsal> {
  const { name, document: pattern, schema, compose } = definition;
  const params = idsOf(pattern, path);
  if (params === undefined) {
    throw new InvalidInputError(`Document ${path}: expected one of ${pattern}.`);
  }
  const read: string[] = [];
  const reader: Reader = {
    get(wanted, fields) {
      read.push(wanted);
      const found = own(documents, wanted);
      return Promise.resolve(found).then((there) => there && checked(wanted, fields, there));
    },
  };
  const made = await compose({
    params: params as IdsOf<Path>,
    document: checked(path, schema, document),
    reader,
  });
  if (made === null) return { notification: null, read };
  if ('nobody' in made) return { notification: null, nobody: made.nobody, read };
  complete(made, { type: name, deliveryId: `${name}-rehearsal`, eventTime: Date.now() });
  return { notification: made, read };
}

/**
 * Lists what is wrong with an app's texts: keys that a locale lacks, and messages that do not parse. Empty if they are fine.
 *
 * @example
 * ```ts
 * import { messageProblems } from '@firestore-push/push/testing';
 *
 * await messageProblems({ en: { 'like.title': '{name} liked your post' } }); // => []
 * ```
 */
export async function messageProblems(messages: MessageCatalogue): Promise<string[]> {
  const problems: string[] = [];
  const keys = new Set(Object.values(messages).flatMap((texts) => Object.keys(texts)));
  for (const [locale, texts] of Object.entries(messages)) {
    const localiser = new Localiser({
      messages: { [locale]: texts },
      defaultLocale: locale,
      warn: ({ key, what }) => problems.push(`${locale}: ${key}: ${what}`),
    });
    for (const key of keys) await localiser.check(key, locale);
  }
  return problems;
}
