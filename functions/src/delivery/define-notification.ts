/**
 * Makes a Firestore trigger of a catalogue entry: a document is created, and people hear of it.
 */
import { onDocumentCreated } from 'firebase-functions/firestore';
import { functionOptions, minInstances, TIMEOUT_SECONDS } from '../config';
import { backend } from './backend';
import { notify, type NotificationDefinition } from './notify';

/**
 * The trigger of one notification. Export it from `notifications/index.ts`; the export's name is the function's name.
 *
 * @example
 * export const notifyFollow = defineNotification({
 *   name: 'follow',
 *   document: 'follows/{followId}',
 *   schema: z.object({ followerId: z.string(), followedId: z.string() }),
 *   compose: ({ document }) => ({
 *     to: document.followedId, actor: document.followerId, title: 'New follower',
 *   }),
 * });
 */
export function defineNotification<Path extends string, Document>(
  definition: NotificationDefinition<Path, Document>,
) {
  return onDocumentCreated(
    {
      ...functionOptions,
      document: definition.document,
      minInstances,
      timeoutSeconds: TIMEOUT_SECONDS,
      // Without it a failed event is dropped, and the platform calls that a success.
      retry: true,
    },
    (event) =>
      notify(
        definition,
        {
          id: event.id,
          time: event.time,
          path: event.document,
          // The same type, but the SDK states it over the union of both kinds of path.
          params: event.params,
          data: event.data?.data(),
        },
        backend().notify,
      ),
  );
}
