/**
 * Checks what a catalogue entry or a push document says, and fills in every default: the one place that does.
 */
import { apnsExtras, type ApnsOptions } from './apns-options';
import { PUSH_TYPES } from './apns-push-types';
import { shortenedArg, shortenedData, shortenedKey, shortenedTexts } from './shorten';
import type { Choice } from './choice';
import type { Draft } from './content';
import { styleOf } from './contradictions';

import { describeValue } from '../describe-value';
import { isDocumentId, type DocumentId } from '../document-id';
import { publicImages, type ImagePolicy } from './image-url';
import { InvalidInputError } from '../invalid-input';
import { MAX_TIME_TO_LIVE_SECONDS, type Notification } from './notification';
import type { Recipients, RecipientSource } from './recipients';
import { notificationProblems } from './problems';
import { withoutUndefined } from '../without-undefined';

export interface ContentContext {
  /** The notification's name in the catalogue. */
  readonly type: string;
  readonly deliveryId: string;
  /** When the event happened, ms since 1970; the time to live counts from here. */
  readonly eventTime: number;
  /** Which pictures it may have. Default: any of a public host. */
  readonly images?: ImagePolicy;
  /** What its kind says of who gets it, and when. */
  readonly choice?: Choice;
}

/** What a delivery needs of a notification: the push itself, who hears of it, and who does not. */
export interface Composed {
  readonly content: Draft;
  readonly recipients: RecipientSource;
  readonly actor?: string;
}

/** A notification that was completed, and what of it was not. */
export interface Completed {
  readonly composed: Composed;
  /** Why the picture was left out. */
  readonly pictureProblem?: string;
}

/**
 * Checks a notification and fills in every default. A picture that must not be loaded is left out: a push says more than its
 * picture, whose address is often a person's to choose.
 *
 * @throws {InvalidInputError} naming each field, what was expected and what to do.
 */
export function completed(
  { image, ...notification }: Notification,
  context: ContentContext,
): Completed {
  const picture = pictureOf(image, context.images);
  const composed = compose(
    { ...notification, ...('url' in picture ? { image: picture.url } : {}) },
    context,
  );
  return 'problem' in picture ? { composed, pictureProblem: picture.problem } : { composed };
}

/** The same where nobody wants to know of the picture. */
export function complete(notification: Notification, context: ContentContext): Composed {
  return completed(notification, context).composed;
}

function pictureOf(
  image: unknown,
  images: ImagePolicy = publicImages,
): ReturnType<ImagePolicy> | Record<string, never> {
  if (image === undefined) return {};
  return typeof image === 'string' ? images(image) : { problem: 'expected an https URL' };
}

function compose(notification: Notification, context: ContentContext): Composed {
  const problems = Object.entries(notificationProblems(notification, context.images));
  if (problems.length > 0) {
    const words = problems.map(([field, problem]) => `${field}: ${problem}`).join('; ');
    throw new InvalidInputError(`Notification "${context.type}": ${words}`);
  }
  const {
    to,
    actor,
    target,
    actorName,
    sound,
    collapseKey,
    timeToLive,
    apns,
    expo,
    link,
    threadId,
    ...others
  } = withoutUndefined(notification);
  const {
    title,
    subtitle,
    body,
    style: _said,
    priority,
    data,
    requiredData = [],
    ...rest
  } = others;
  const { type, deliveryId, eventTime } = context;
  const name = actorName === undefined ? '' : shortenedArg(actorName);
  const choice = {
    ...context.choice,
    ...(target === undefined ? {} : { target }),
    ...(name === '' ? {} : { actorName: name }),
  };
  const lifeSeconds = timeToLive ?? defaultLifeSeconds(apns);
  return {
    content: {
      ...rest,
      ...shortenedTexts({ title, subtitle, body }),
      type,
      deliveryId,
      style: styleOf(notification) ?? 'alert',
      priority: priority ?? 'high',
      data: shortenedData(data ?? {}, requiredData),
      requiredData,
      tag: shortenedKey(collapseKey ?? deliveryId),
      expiresAt: eventTime + lifeSeconds * 1000,
      ...(sound === null ? {} : { sound: sound ?? 'default' }),
      ...(link === undefined ? {} : { link: link.toWellFormed() }),
      ...(threadId === undefined ? {} : { threadId: shortenedKey(threadId) }),
      ...(collapseKey === undefined ? {} : { collapseKey: shortenedKey(collapseKey) }),
      ...(apns === undefined ? {} : { apns: apnsExtras(apns, sound !== undefined) }),
      ...(expo === undefined ? {} : { expo: withoutUndefined(expo) }),
      ...(Object.keys(choice).length === 0 ? {} : { choice }),
    },
    recipients: recipientsOf(to),
    // Nobody else has an id that can be none, so such an actor is nobody's.
    ...(isDocumentId(actor) ? { actor } : {}),
  };
}

function defaultLifeSeconds(apns: ApnsOptions | undefined): number {
  const { pushType } = apns ?? {};
  return pushType === undefined ? MAX_TIME_TO_LIVE_SECONDS : PUSH_TYPES[pushType].timeToLiveSeconds;
}

function recipientsOf(to: Recipients): RecipientSource {
  if (typeof to === 'string') return listed([to]);
  if ('members' in to) return { collection: to.members };
  if ('everyone' in to) return to;
  if ('users' in to) return { everyone: true, where: to.users };
  if ('topic' in to || 'condition' in to) return to;
  return listed(to);
}

/** Descriptions that the ledger keeps: of more it says how many. */
const MAX_INVALID = 100;

/** User ids, each once, apart from what can be none. */
function listed(to: readonly unknown[]): RecipientSource {
  const uids = new Set<DocumentId>();
  const others = new Set<string>();
  for (const each of to) {
    if (isDocumentId(each)) uids.add(each);
    else others.add(describeValue(each));
  }
  if (others.size === 0) return { uids: [...uids] };
  const invalid = [...others].slice(0, MAX_INVALID);
  if (others.size > MAX_INVALID) invalid.push(`(${others.size - MAX_INVALID} more)`);
  return { uids: [...uids], invalid };
}
