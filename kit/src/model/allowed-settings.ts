/**
 * What each setting that is a number or a switch may be. A setting of that kind that is missing here fails a test.
 */
import type { Allowed } from './settings';

/** Largest `SHARD_SIZE`: what one ledger entry can name, one by one. */
export const MAX_SHARD_SIZE = 1000;
/** Ten years: for "as long as there is an app". */
const LONG_DAYS = 3650;
const BOOLEAN: Allowed = { oneOf: ['true', 'false'] };

/** What each setting that is not free text may be. */
export const ALLOWED: ReadonlyMap<string, Allowed> = new Map<string, Allowed>([
  // https://firebase.google.com/docs/reference/functions/2nd-gen/node/firebase-functions#memoryoption
  ['MEMORY_MIB', { oneOf: [128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768] }],
  // Cloud Run's limits.
  ['CONCURRENCY', { from: 1, to: 1000 }],
  ['MIN_INSTANCES', { from: 0, to: 1000 }],
  ['MAX_INSTANCES', { from: 1, to: 1000 }],
  ['SHARD_SIZE', { from: 1, to: MAX_SHARD_SIZE }],
  // The limits of a queue of Cloud Tasks.
  ['TASKS_PER_SECOND', { from: 1, to: 500 }],
  ['TASKS_AT_ONCE', { from: 1, to: 5000 }],
  // An event is retried for 24 hours.
  ['COMPOSE_RETRY_MINUTES', { from: 0, to: 24 * 60 }],
  // The same 24 hours: an event that comes again after its entry is gone would be sent again.
  ['LEDGER_DAYS', { from: 2, to: LONG_DAYS }],
  ['CALLS_PER_MINUTE', { from: 1, to: 100_000 }],
  ['MAX_ADDRESSES_PER_USER', { from: 1, to: 100 }],
  ['MAX_TAKEOVERS_PER_DAY', { from: 0, to: 10_000 }],
  ['STALE_DEVICE_DAYS', { from: 0, to: LONG_DAYS }],
  ['STALE_ARRAY_DEVICE_DAYS', { from: 0, to: LONG_DAYS }],
  ['ENFORCE_APP_CHECK', BOOLEAN],
  ['CONSUME_APP_CHECK_TOKEN', BOOLEAN],
  ['SWEEP_DRY_RUN', BOOLEAN],
  ['FORGET_DELETED_ACCOUNTS', BOOLEAN],
  ['DELETE_USER_DOCUMENTS', BOOLEAN],
]);
