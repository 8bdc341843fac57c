/**
 * What runs by itself for topics: the trigger on device records.
 */
import { DOCUMENTS, functionOptions } from '../config';
import { TIMEOUT_SECONDS } from '../delivery/deadline';
import { devices, topics } from '../push';
import { syncTopicsLog } from '../log';
import { toDevice } from '../topics/topic-store';
import { onWritten } from './firestore';
import { syncTopics } from '../topics/sync-topics';

/**
 * Tells FCM which topics a device joined or left, whatever made it so: a call, a renewed token, a logout, another owner.
 *
 * Other writes to the record, such as one at every app start, end here without a read.
 */
export const syncDeviceTopics = onWritten(
  {
    ...functionOptions,
    document: DOCUMENTS.device,
    retry: true,
    timeoutSeconds: TIMEOUT_SECONDS,
  },
  async ({ before, after }) => {
    const { store, fcm } = topics();
    await syncTopics(before && toDevice(before), after && toDevice(after), {
      read: (id) => store.read(id),
      fcm,
      devices: devices().devices,
      log: syncTopicsLog,
    });
  },
);
