/** A kit module that waits by the clock and by chance, and what tells it both. */
export { within } from '../../../../kit/src/model/within.ts';
export { transact } from '../../../../kit/src/store/transact.ts';
export { endOfSweep } from '../../../../kit/src/triggers/sweep-time.ts';
export { setGlobals } from '../../time/globals.ts';
