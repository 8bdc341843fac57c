/**
 * Reads a push document: the sender's fields apart from the server's, checked field by field, and a hash that tells edits.
 */
import { createHash } from 'node:crypto';
import { Timestamp } from '@google-cloud/firestore';
import type { Notification } from '../delivery/notification';
import { notificationProblems } from '../delivery/notification-schema';
import type { ImagePolicy } from '../model/image-url';
import { listedAddresses, MAX_LISTED_ADDRESSES } from '../store/listed-addresses';
import type { PushDocument, PushServerFields } from '../store/schema';

/** What `data.type` says, and the key of `notificationSettings` that mutes it, where a push names no type of its own. */
export const DEFAULT_TYPE = 'push';

/** What a push document asks for. */
export interface Push {
  readonly type: string;
  /** For listed addresses `to` is an empty list: see `toAddresses`. */
  readonly notification: Notification;
  readonly toAddresses: boolean;
  /** ms since 1970. */
  readonly sendAt?: number;
  readonly validateOnly: boolean;
}

export type ReadPush =
  | { readonly push: Push }
  /** Field → what was expected. */
  | { readonly errors: Readonly<Record<string, string>> };

/** Everything else in the document is the sender's. A table, so that a new server field cannot be forgotten here. */
const SERVER_FIELDS: Readonly<Record<keyof PushServerFields, true>> = {
  state: true,
  accepted: true,
  createdAt: true,
  scheduledAt: true,
  sendingAt: true,
  finishedAt: true,
  nextAt: true,
  counts: true,
  reasons: true,
  error: true,
  errors: true,
  refused: true,
  note: true,
  expiresAt: true,
};

/** The sender's fields. */
export function senderFields(document: PushDocument): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !(name in SERVER_FIELDS)));
}

/** Tells whether the sender's fields have changed: the same for the same fields in whatever order. */
export function hashOf(document: PushDocument): string {
  return createHash('sha256')
    .update(canonical(senderFields(document)))
    .digest('hex')
    .slice(0, 32);
}

/**
 * Checks the sender's fields; messages name fields and what they should be, never addresses.
 *
 * @param images which pictures a push may have. Default: any of a public host.
 */
export function readPush(document: PushDocument, images?: ImagePolicy): ReadPush {
  const { type, sendAt, validateOnly, to, ...rest } = senderFields(document);
  const errors: Record<string, string> = {};
  if (type !== undefined && !(typeof type === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(type))) {
    errors['type'] = 'expected 1 to 64 of a-z A-Z 0-9 - _';
  }
  if (sendAt !== undefined && !(sendAt instanceof Timestamp)) {
    errors['sendAt'] = 'expected a timestamp';
  }
  if (validateOnly !== undefined && typeof validateOnly !== 'boolean') {
    errors['validateOnly'] = 'expected true or false';
  }
  const listed = listedAddresses(to);
  if (listed === 'wrong') {
    errors['to.addresses'] =
      `expected a list of 1 to ${MAX_LISTED_ADDRESSES} device tokens, each as the SDK gave it (Expo's own tokens are none)`;
  }
  const notification = { ...rest, to: listed === undefined ? to : [] };
  Object.assign(errors, notificationProblems(notification, images));
  if (Object.keys(errors).length > 0) return { errors };
  return {
    push: {
      type: (type as string | undefined) ?? DEFAULT_TYPE,
      notification: notification as unknown as Notification,
      toAddresses: listed !== undefined,
      ...(sendAt === undefined ? {} : { sendAt: (sendAt as Timestamp).toMillis() }),
      validateOnly: validateOnly === true,
    },
  };
}

/** JSON with sorted keys; Firestore's own types by what they say of themselves. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Timestamp) return `time:${value.seconds}.${value.nanoseconds}`;
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`;
  // A reference knows its whole database; its path is what it says.
  if ('path' in value && 'firestore' in value) return `reference:${String(value.path)}`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`;
}
