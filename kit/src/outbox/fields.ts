/**
 * Reads a push document: the sender's fields apart from the server's, checked field by field, and a hash that tells edits.
 *
 * The sender's fields are those of a notification (`model/notification/notification.ts`) and {@link PushOptions}.
 */
import { createHash } from 'node:crypto';
import { DocumentReference, Timestamp } from '@google-cloud/firestore';
import * as z from 'zod';
import { once } from '../model/once';
import { issuesByField } from '../model/describe-issues';
import type { Mismatched, None } from '../model/schema-match';
import { notificationFields, type Notification } from '../model/notification/notification';
import { notificationProblems } from '../model/notification/problems';
import { isDocumentId } from '../model/document-id';
import type { ImagePolicy } from '../model/notification/image-url';
import { acceptedOf } from './accepted';
import { own } from '../model/own';
import { listedAddresses, MAX_LISTED_ADDRESSES } from './listed-addresses';
import { localSendTime, SEND_TIME_EXPECTED, spanOf, type LocalSendTime } from './local-send-time';
import type { PushDocument, PushServerFields, PushState } from './push-document';

/** What `data.type` says, and the key of `notificationSettings` that mutes it, where a push names no type of its own. */
const DEFAULT_TYPE = 'push';

const TYPE_EXPECTED = 'expected 1 to 64 of a-z A-Z 0-9 - _';

/** What a push document says beside the notification. */
export interface PushOptions {
  /**
   * The push's kind: `data.type` in the app, and the key of `notificationSettings` that mutes it. 1 to 64 of `a-z A-Z 0-9 - _`.
   * Default: `push`.
   */
  readonly type?: string | undefined;
  /**
   * Timestamp: not to be sent before, at the latest in the year 8999. Or `{ local: '09:00', date: '2030-06-01' }`: at that time of day
   * in each recipient's `timeZone`; not for topics and conditions. Default: at once.
   */
  readonly sendAt?: Timestamp | LocalSendTime | undefined;
  /** `true`: a dry run; see [Dry run](#dry-run). Default: `false`. */
  readonly validateOnly?: boolean | undefined;
}

/** ms since 1970. Firestore's timestamps end with the year 9999, and a push is kept for a while after it was due. */
const LATEST_SEND_AT = Date.UTC(9000, 0, 1);

export const pushOptions = once(() =>
  z.strictObject({
    type: z
      .string({ error: TYPE_EXPECTED })
      .regex(/^[A-Za-z0-9_-]{1,64}$/, TYPE_EXPECTED)
      .optional(),
    sendAt: z
      .union(
        [
          z
            .instanceof(Timestamp, { error: SEND_TIME_EXPECTED })
            .refine((time) => time.toMillis() < LATEST_SEND_AT, {
              error: 'expected a timestamp before the year 9000',
            }),
          localSendTime(),
        ],
        { error: SEND_TIME_EXPECTED },
      )
      .optional(),
    validateOnly: z.boolean({ error: 'expected true or false' }).optional(),
  }),
);

// An error here names the fields that the interface and the schema declare differently: make them the same.
type _Declared = None<Mismatched<PushOptions, ReturnType<typeof pushOptions>>>;

/** Every field that a sender may write. */
export const senderFieldNames = (): readonly string[] => [
  ...notificationFields(),
  ...Object.keys(pushOptions().shape),
];

/** What a push document asks for. */
export interface Push {
  readonly type: string;
  /** For listed addresses `to` is an empty list: see `toAddresses`. */
  readonly notification: Notification;
  readonly toAddresses: boolean;
  /** When its sending begins, ms since 1970. */
  readonly sendAt?: number;
  /** The time of day at which each recipient is to have it. */
  readonly local?: LocalSendTime;
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
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => !Object.hasOwn(SERVER_FIELDS, name)),
  );
}

/** The document without what stands in the server's fields that the server cannot have written: by hand, in the console. */
export function withoutForgeries(document: PushDocument): PushDocument {
  const accepted = acceptedOf(document);
  const {
    accepted: _any,
    createdAt,
    nextAt,
    refused,
    state,
    ...rest
  } = document as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    ...(accepted === undefined ? {} : { accepted }),
    ...(createdAt instanceof Timestamp ? { createdAt } : {}),
    ...(nextAt instanceof Timestamp ? { nextAt } : {}),
    ...(isRefused(refused) ? { refused } : {}),
    // Of whatever type: a state that is none of ours is one that was moved.
    ...(state === undefined ? {} : { state: state as PushState }),
  };
}

function isRefused(value: unknown): value is NonNullable<PushServerFields['refused']> {
  return typeof value === 'object' && value !== null && 'hash' in value;
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
  const options = pushOptions().safeParse({ type, sendAt, validateOnly });
  const errors = new Map(options.success ? [] : Object.entries(issuesByField(options.error)));
  const listed = listedAddresses(to);
  if (listed === 'wrong') {
    errors.set(
      'to.addresses',
      `expected a list of 1 to ${MAX_LISTED_ADDRESSES} device tokens, each as the SDK gave it (Expo push tokens are not accepted)`,
    );
  } else if (typeof to === 'string' && !isDocumentId(to)) {
    errors.set('to', 'expected a user id: 1 to 1,500 bytes without "/", not ".", ".." or "__…__"');
  }
  const times = sendTimeOf(options.data?.sendAt);
  if (times.local !== undefined && isBroadcast(to)) {
    errors.set('sendAt', 'expected a timestamp: nobody knows the time zones of a topic');
  }
  const notification = { ...rest, to: listed === undefined ? to : [] };
  const problems = notificationProblems(notification, images);
  for (const [field, problem] of Object.entries(problems)) errors.set(field, problem);
  if (!options.success || errors.size > 0) return { errors: bounded(errors) };
  const { data } = options;
  return {
    push: {
      type: data.type ?? DEFAULT_TYPE,
      notification: notification as unknown as Notification,
      toAddresses: listed !== undefined,
      ...times,
      validateOnly: data.validateOnly === true,
    },
  };
}

function sendTimeOf(sendAt: PushOptions['sendAt']): Pick<Push, 'sendAt' | 'local'> {
  if (sendAt === undefined) return {};
  if (sendAt instanceof Timestamp) return { sendAt: sendAt.toMillis() };
  return { sendAt: spanOf(sendAt).first, local: sendAt };
}

function isBroadcast(to: unknown): boolean {
  return own(to, 'topic') !== undefined || own(to, 'condition') !== undefined;
}

/** Fields that are written back: ten thousand wrong ones must not make a document that is too large to be written. */
const MAX_ERRORS = 50;
/** Characters of a field's name, and of what was expected of it. */
const MAX_FIELD_LENGTH = 200;
const MAX_PROBLEM_LENGTH = 500;

/** The first of the errors, each so short that Firestore takes them. */
function bounded(errors: ReadonlyMap<string, string>): Record<string, string> {
  const first = [...errors].slice(0, MAX_ERRORS);
  if (errors.size > MAX_ERRORS) first.push(['(others)', `${errors.size - MAX_ERRORS} more`]);
  return Object.fromEntries(
    first.map(([field, problem]) => [
      field.slice(0, MAX_FIELD_LENGTH).toWellFormed(),
      problem.slice(0, MAX_PROBLEM_LENGTH).toWellFormed(),
    ]),
  );
}

/** JSON with sorted keys; Firestore's own types by what they say of themselves. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Timestamp) return `time:${value.seconds}.${value.nanoseconds}`;
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`;
  // A reference knows its whole database; its path is what it says.
  if (value instanceof DocumentReference) return `reference:${value.path}`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`;
}
