/**
 * Everything the backend says, one function each. Addresses appear as fingerprints only.
 */
import * as logger from 'firebase-functions/logger';
import type { EngineLog } from './delivery/deps';
import type { NotifyDeps } from './delivery/notify';

/** An error's own words, without a stack: for errors whose cause is the input, not the code. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const engineLog: EngineLog = {
  finished(delivery, type, counts) {
    logger.info('delivery finished', { delivery, type, ...counts });
  },
  failed(delivery, type, reason) {
    logger.error('delivery failed', { delivery, type, reason });
  },
  retryScheduled(delivery, addresses, at) {
    logger.warn('retry scheduled', { delivery, addresses, at: new Date(at).toISOString() });
  },
  pruned(delivery, addresses, kept) {
    logger.info('dead addresses pruned', { delivery, addresses, kept });
  },
  breakerTripped(delivery, dead, sent) {
    logger.error('breaker: too many addresses called dead at once, none pruned', {
      delivery,
      dead,
      sent,
      hint: 'Check that the project id and the credential belong to the apps that these addresses come from.',
    });
  },
  pruneFailed(delivery, error) {
    logger.error('prune failed; the next push will find the address dead again', {
      delivery,
      error: wordsOf(error),
    });
  },
  configurationRefused(delivery, outcome) {
    logger.error('provider refused our credential or configuration', {
      delivery,
      code: outcome.code,
      detail: outcome.detail,
    });
  },
};

export const notifyLog: NotifyDeps['log'] = {
  /** It can never become a push, or was tried for too long: recorded and not retried. */
  unusableEvent(delivery, type, error) {
    logger.error('event cannot be turned into a push', { delivery, type, reason: wordsOf(error) });
  },
  composeFailed(delivery, type, error) {
    logger.warn('compose failed; the event will be retried', {
      delivery,
      type,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  },
  nothingToTell(delivery, type) {
    logger.debug('nobody to tell', { delivery, type });
  },
};

/** Another worker holds the delivery. */
export function logHeld(delivery: string, reason: string): void {
  logger.info('delivery is held by another worker', { delivery, reason });
}

/** A device was registered. */
export function logRegistered(uid: string, address: string, kind: string): void {
  logger.info('device registered', { uid, address, kind });
}

/** A device was removed at logout. */
export function logUnregistered(uid: string, address: string, removed: boolean): void {
  logger.info('device unregistered', { uid, address, removed });
}

/** The sweep found deliveries whose worker was gone. */
export function logSwept(resumed: number): void {
  if (resumed > 0) logger.warn('abandoned deliveries resumed', { resumed });
}
