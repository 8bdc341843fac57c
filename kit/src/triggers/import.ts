/**
 * Makes a Firestore trigger that brings in the device tokens which an app keeps in documents of its own.
 */
import type { IdsOf } from '../catalogue/compose';
import { functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { importWritten } from '../devices/import-devices';
import { ImportDocuments } from '../devices/import-documents';
import type { ImportSource } from '../devices/import-state';
import { importLog } from '../log';
import { devices, firestore } from '../push';
import { maxAddressesPerUser } from '../settings';
import { onWritten } from './firestore';

/** Where an app keeps device tokens, and whose they are. */
export interface ImportDefinition<Path extends string> extends ImportSource<IdsOf<Path>> {
  /** Path of the documents, of names and wildcards, e.g. `profiles/{uid}/fcmTokens/{token}`. */
  readonly document: Path;
}

/**
 * Makes the trigger that registers the device tokens which your app keeps in documents of its own, and unregisters those that leave
 * them. Export it: the export's name is the function's name. It only reads those documents, and never changes them.
 *
 * Only changes of addresses count, so tokens from before it was deployed are brought in by a backfill. A device is never taken from
 * a user who claimed it after the document was written.
 *
 * @throws for an impossible path, or one without `{uid}` and no `owner`, so that it is noticed before anything is deployed.
 * @example
 * ```ts
 * import { importDevices } from '@firestore-push/push/lib';
 *
 * // A document for each token.
 * export const importFcmTokens = importDevices({
 *   document: 'profiles/{uid}/fcmTokens/{token}',
 *   addresses: ({ ids }) => [ids.token],
 * });
 *
 * // A map, or an array, of objects; each says whose it is.
 * export const importInstallations = importDevices({
 *   document: 'installations/{installationId}',
 *   owner: ({ data }) => data.userId,
 *   addresses: ({ data }) => [{ address: data.fcmToken, platform: data.os, locale: data.language }],
 * });
 * ```
 */
export function importDevices<Path extends string>(definition: ImportDefinition<Path>) {
  const { document } = definition;
  checkOwner(definition);
  const trigger = onWritten(
    { ...functionOptions, document, retry: true, timeoutSeconds: TIMEOUT_SECONDS },
    async ({ paths, isComplete, before, after, writtenAt }) => {
      const { ownership, removal } = devices();
      await importWritten(
        definition,
        {
          paths,
          isComplete,
          before: before?.data(),
          after: after?.data(),
          writtenAt,
        },
        {
          ownership,
          removal,
          documents: new ImportDocuments(firestore()),
          maxAddresses: maxAddressesPerUser.value(),
          log: importLog,
        },
      );
    },
  );
  return Object.assign(trigger, { imports: definition });
}

function checkOwner<Path extends string>({ document, owner }: ImportDefinition<Path>): void {
  if (owner !== undefined || document.split('/').includes('{uid}')) return;
  throw new Error(
    `Import of "${document}": expected a wildcard {uid} in the path, such as profiles/{uid}/fcmTokens/{token}, or a function ` +
      'owner that returns the user id.',
  );
}
