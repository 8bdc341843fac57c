/**
 * Makes a Firestore trigger of a catalogue entry: a document is created, and its recipients are notified; or it is deleted, and what
 * they were sent is withdrawn, where the entry says so.
 */
import { functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { onCreated, onWritten } from './firestore';
import { declareNotification, delivery } from '../push';
import { isKindName } from '../model/notification/kind';
import { minInstances } from '../settings';
import { digestProblem } from '../catalogue/digest';
import { composeAgain, notify, type NotificationDefinition } from '../catalogue/compose';
import { notifyOrWithdraw } from '../catalogue/withdraw';

/** Begins the ledger's ids of what the outbox sends. */
const OUTBOX_NAME = /^push(?:-|$)/;

/**
 * Makes the trigger of one notification. Export it: the export's name is the function's name.
 *
 * @throws for an impossible name or path, so that it is noticed before anything is deployed.
 * @example
 * ```ts
 * import { defineNotification, linkTo } from '@firestore-push/push/lib';
 * import * as z from 'zod';
 *
 * export const notifyFollow = defineNotification({
 *   name: 'follow',
 *   document: 'follows/{followId}',
 *   schema: z.object({ followerId: z.string(), followedId: z.string() }),
 *   compose: ({ document: { followerId, followedId } }) => ({
 *     to: followedId,
 *     actor: followerId,
 *     title: 'New follower',
 *     link: linkTo('people', followerId),
 *   }),
 * });
 * ```
 */
export function defineNotification<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
) {
  checkName(definition.name);
  checkDigest(definition);
  const trigger = triggerOf(definition);
  const { name, label, delivery: way, mandatory, document, digest } = definition;
  declareNotification({
    kind: { name, label, delivery: way, mandatory, isGathered: digest !== undefined },
    document,
    composeAgain: (event) => composeAgain(definition, event, delivery().notify),
  });
  return Object.assign(trigger, { definition });
}

function triggerOf<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
) {
  const options = {
    ...functionOptions,
    document: definition.document,
    minInstances,
    timeoutSeconds: TIMEOUT_SECONDS,
    // Without it a failed event is dropped, and the platform calls that a success.
    retry: true,
  };
  if (definition.withdraw !== 'shown') {
    return onCreated(options, (event) => notify(definition, event, delivery().notify));
  }
  const trigger = onWritten(options, ({ before, after, ...event }) => {
    return notifyOrWithdraw(
      definition,
      {
        ...event,
        before: before && { createdAt: before.createTime?.toMillis() },
        after: after && { data: after.data() },
      },
      delivery().notify,
    );
  });
  // Firebase alone calls it, by what the function itself declares.
  return trigger as unknown as ReturnType<typeof onCreated>;
}

function checkDigest<Path extends string, Document>({
  name,
  digest,
  delivery,
  mandatory,
}: NotificationDefinition<Path, Document>): void {
  let problem: string | undefined;
  if (digest === undefined) {
    if (delivery === 'digest') problem = 'digest: expected one, since its delivery is digest';
  } else {
    problem = mandatory === true ? 'what is mandatory cannot wait' : digestProblem(digest);
  }
  if (problem !== undefined) throw new Error(`Notification "${name}": ${problem}.`);
}

function checkName(name: string): void {
  if (!isKindName(name)) {
    throw new Error(`Notification "${name}": expected a name of 1 to 64 of a-z A-Z 0-9 - _.`);
  }
  if (OUTBOX_NAME.test(name)) {
    throw new Error(
      `Notification "${name}": expected another name; "push-…" is reserved for the outbox's entries in the ledger.`,
    );
  }
}
